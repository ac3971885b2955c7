import { currentTraceparent } from '../../tracing/spans.ts';
import type { IncomingEvent } from './incoming-event.ts';

/** Gives the events the trace of the request that brought them, so that whatever follows from them can join it. */
export function traceEvents(events: IncomingEvent[]): IncomingEvent[] {
  const trace = currentTraceparent();
  return trace === undefined ? events : events.map((event) => ({ ...event, trace }));
}
