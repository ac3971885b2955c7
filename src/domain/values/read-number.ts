/** Plain decimal text, as JSON writes numbers; a plus sign and zeros in front are harmless. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
const LONGEST = 40;

/**
 * Reads a number, or plain decimal text: many programs send `"412.00"`. Null for anything else: `1,299.00` may be
 * thirteen hundred or one and a bit, so it isn't guessed.
 */
export function readNumber(value: unknown): number | null {
  if (typeof value === 'string') {
    const text = value.trim();
    return text.length <= LONGEST && DECIMAL.test(text) ? finite(Number(text)) : null;
  }
  return typeof value === 'number' ? finite(value) : null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Whether a sender left the value out: null and empty text say nothing, so there is nothing to read. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
