import type { DecideAnswer, ProgressAnswer } from '../domain/protocol.ts';
import type { EventNotice, JourneyInput } from './messages.ts';

/*
 * Histories outlive builds: a workflow that is replayed, or that continues from a run of an older build, reads payloads
 * under the field names of that build. This file is the only one that knows them. It maps every old name to today's at
 * the boundary, so that the rest of the workflow reads one shape. Nothing here may be removed while a golden history
 * (test/replay/histories) holds the old name.
 */

/** A run's input; older builds carried the notices that no answer had processed as `untaken`. */
type StoredInput = JourneyInput & { untaken?: EventNotice[] };

/** An answer; older builds wrote `processedSeq` as `tookSeq`. */
type StoredAnswer = Omit<ProgressAnswer, 'processedSeq'> & { processedSeq?: number; tookSeq?: number };

/** Reads the input of a run, whichever build started it. */
export function readJourneyInput({ untaken, ...input }: StoredInput): JourneyInput {
  return untaken === undefined ? input : { ...input, unprocessed: untaken };
}

/** Reads an answer from the history, whichever build's activity gave it. */
export function readAnswer(stored: DecideAnswer | StoredAnswer): DecideAnswer {
  if (stored.kind === 'gone') return stored;
  const { tookSeq = 0, processedSeq = tookSeq, ...answer }: StoredAnswer = stored;
  return { ...answer, processedSeq };
}
