import { readValue } from './help-desk.ts';

const BEST = 5;
const WORST = 1;

/**
 * A rating on the scale from 1 to 5. Zendesk rates with good and bad, or from 1 to 5. Undefined for a rating that was only
 * offered, or that says something else.
 */
export function readZendeskScore(rating: unknown): number | undefined {
  const text = readValue(rating)?.toLowerCase();
  if (text === undefined) return undefined;
  if (/^good\b/.test(text)) return BEST;
  if (/^bad\b/.test(text)) return WORST;
  const score = /^[1-5]$/.test(text) ? Number(text) : undefined;
  return score;
}
