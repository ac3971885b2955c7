/** Longest text of a sender that a sentence repeats, in characters. */
const LONGEST_TEXT = 80;

/** `ESC [ 31 m` and the like: sequences that move the cursor, colour or clear a terminal. */
const ESCAPE_SEQUENCE = /(?:(?![\n\r\t])\p{Cc}\[|\u009b)[0-9;:<=>?]{0,40}[ -/]{0,10}[@-~]/gu;
/** Line breaks, control characters, and invisible characters that turn or hide the text around them. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * Text of a sender, fit for one line of a terminal or a page: without control characters and escape sequences, with
 * single spaces, and shortened.
 */
export function cleanText(text: string, longest: number = LONGEST_TEXT): string {
  // What follows is not looked at: a text may be as long as a request.
  const start = text.slice(0, longest * 8);
  const plain = start
    .toWellFormed()
    .replace(ESCAPE_SEQUENCE, ' ')
    .replace(UNSAFE, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...plain];
  if (characters.length <= longest && start.length === text.length) return plain;
  return `${characters
    .slice(0, longest - 1)
    .join('')
    .trimEnd()}…`;
}
