import { type EventTarget, postEvents } from '../post-events.ts';
import { runLanes } from '../run-lanes.ts';
import type { CheckedUnit } from './check-calls.ts';
import { type BadRow, isBad } from './row.ts';

/** A request has at most 2,500 events and 500 KB. */
const BATCH_EVENTS = 500;
const BATCH_BYTES = 400 * 1024;
/** Units of a batch that has no events, because all of them are rejected. */
const BATCH_UNITS = 5_000;
/** Requests in flight. */
const LANES = 4;

/** Units that come one after the other in the file. */
export interface Batch {
  units: number;
  calls: unknown[];
  rejected: BadRow[];
  /** The line up to which the file was read. */
  line: number;
}

/** Gathers units into batches, each in the order of the file. */
export async function* toBatches(units: AsyncIterable<CheckedUnit | BadRow>): AsyncGenerator<Batch> {
  let batch = emptyBatch();
  let bytes = 0;
  for await (const unit of units) {
    if (isBad(unit)) batch.rejected.push(unit);
    else {
      const isFull =
        batch.calls.length + unit.calls.length > BATCH_EVENTS || bytes + unit.bytes > BATCH_BYTES;
      if (isFull && batch.calls.length > 0) {
        yield batch;
        batch = emptyBatch();
        bytes = 0;
      }
      batch.calls.push(...unit.calls);
      bytes += unit.bytes;
    }
    batch.units += 1;
    batch.line = unit.line;
    if (batch.units >= BATCH_UNITS) {
      yield batch;
      batch = emptyBatch();
      bytes = 0;
    }
  }
  if (batch.units > 0) yield batch;
}

/**
 * Sends batches over several lanes. `onDone` is called for each batch in the order of the file, when it and all before
 * it were accepted: so there is always one place up to which everything is done.
 */
export async function sendBatches(
  batches: AsyncGenerator<Batch>,
  target: EventTarget,
  onDone: (batch: Batch) => void,
): Promise<void> {
  const accepted = new Map<number, Batch>();
  let taken = 0;
  let done = 0;
  const lane = async (signal: AbortSignal) => {
    for (;;) {
      // Batches are numbered in the order in which the generator is asked, which is that of the file.
      const number = taken++;
      const next = await batches.next();
      if (next.done || signal.aborted) return;
      if (next.value.calls.length > 0)
        await postEvents(next.value.calls, target, { signal, historical: true });
      accepted.set(number, next.value);
      for (let batch = accepted.get(done); batch; batch = accepted.get(done)) {
        accepted.delete(done++);
        onDone(batch);
      }
    }
  };
  await runLanes(Array.from({ length: LANES }, () => lane));
}

function emptyBatch(): Batch {
  return { units: 0, calls: [], rejected: [], line: 0 };
}
