import type { Names, Sentences } from '../../../../src/sentences/create-sentences.ts';
import type { Candidate } from './decision.ts';
import { writeReason } from './write-reason.ts';

/** Whether a candidate has these words: in its action, channel or enrollment, or in a reason that stops it. */
export function matchesText(
  candidate: Candidate,
  words: string,
  { sentences, names }: { sentences: Sentences; names: Names },
): boolean {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return true;
  const { action, channel, enrollmentId, gates } = candidate;
  const named = `${action} ${names.action(action)} ${channel} ${enrollmentId}`.toLowerCase();
  return (
    named.includes(wanted) ||
    gates.some(
      (verdict) => !verdict.pass && writeReason(verdict, sentences, channel).toLowerCase().includes(wanted),
    )
  );
}
