/**
 * A word as it is compared: small letters and digits, without accents, spaces and signs. So `On-Hold`, `on_hold` and
 * ` ON HOLD ` are one word. Letters of every script count. Empty for what is no text and no number.
 */
export function foldWord(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  return String(value)
    .slice(0, LONGEST_WORD)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Longer texts are no words. */
const LONGEST_WORD = 100;

/** A set of words in which they are found however they are written. */
export function listWords(text: string): ReadonlySet<string> {
  return new Set(text.split(',').map(foldWord));
}
