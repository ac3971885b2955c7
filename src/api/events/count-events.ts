import type { Rejection } from '../../../db/events/save-rejected.ts';
import type { IncomingEvent, Receipt } from '../../app/intake/incoming-event.ts';
import type { Instruments } from '../../metrics/metrics.ts';

/** The format in which events are sent. */
export type EventFormat = 'segment' | 'cloudevents' | 'webhook';

interface Committed {
  events: readonly IncomingEvent[];
  /** One per event. */
  receipts: readonly Receipt[];
  /** Of events that could not be parsed. */
  rejections: readonly Rejection[];
}

/** Counts the events of a request after their commit. Those that intake has rejected are counted there. */
export function createEventCounts({
  throughline_events_total: accepted,
  throughline_events_rejected_total: rejected,
  throughline_accept_seconds: seconds,
}: Instruments): (source: EventFormat, committed: Committed, ms: number) => void {
  return (source, { events, receipts, rejections }, ms) => {
    seconds.observe({ source }, ms / 1_000);
    for (const { workspace, code } of rejections) rejected.inc({ workspace, code });
    for (const [{ workspace, type, outcome }, count] of group(events, receipts))
      accepted.inc({ workspace, source, type, outcome }, count);
  };
}

interface Group {
  workspace: string;
  type: string;
  outcome: string;
}

/** The events of a batch by what their counter distinguishes: a batch may have thousands. */
function group(events: readonly IncomingEvent[], receipts: readonly Receipt[]): Iterable<[Group, number]> {
  const groups = new Map<string, [Group, number]>();
  for (const [position, { workspace, type }] of events.entries()) {
    const outcome = receipts[position]?.status;
    if (outcome === undefined || outcome === 'rejected') continue;
    const key = `${type} ${outcome}`;
    const known = groups.get(key);
    if (known) known[1]++;
    else groups.set(key, [{ workspace, type, outcome }, 1]);
  }
  return groups.values();
}
