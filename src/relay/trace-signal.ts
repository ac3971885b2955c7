import type { Database } from '../../db/client.ts';
import { readEventTraces } from '../../db/traces/traces.ts';
import type { LeasedWake } from '../../db/wakes/lease-wakes.ts';
import { isTracing, SpanKind, withSpan } from '../tracing/spans.ts';

/** Signals in a span that follows from the requests whose events the signal announces; without any there is no span. */
export async function traceSignal(
  db: Database,
  { workspace, customerId, processedSeq, tries }: LeasedWake,
  signal: () => Promise<void>,
): Promise<void> {
  if (!isTracing()) return signal();
  const causes = await readEventTraces(db.sql, customerId, { after: processedSeq, upTo: null });
  if (causes.length === 0) return signal();
  const attributes = { 'throughline.workspace': workspace, 'throughline.tries': tries };
  await withSpan('signal', { kind: SpanKind.PRODUCER, attributes, causes }, signal);
}
