import type { Sentences } from '../../../../src/sentences/create-sentences.ts';
import {
  type BlockingVerdict,
  describeLift,
  describeVerdict,
} from '../../../../src/sentences/describe-verdict.ts';

/** A reason that blocks, as a sentence with a capital. */
export function writeReason(
  verdict: BlockingVerdict,
  sentences: Sentences,
  channel: string | null = null,
): string {
  return capitalize(sentences.write(describeVerdict(verdict, { channel })));
}

/** When a reason is over, as a sentence with a capital. */
export function writeLift(verdict: BlockingVerdict, sentences: Sentences): string {
  return capitalize(sentences.write(describeLift(verdict)));
}

const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
