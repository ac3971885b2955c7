import { readValue } from './help-desk.ts';

/** A text of HTML without its tags, no longer than this. Customers write messages with a browser. */
export function readPlainText(html: unknown, longest: number): string | undefined {
  const text = readValue(html)
    ?.slice(0, LONGEST_HTML)
    .replace(/<[^<>]{0,2000}>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
  if (text === undefined || text === '') return undefined;
  return text.slice(0, longest).toWellFormed();
}

const LONGEST_HTML = 50_000;

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
};

/** A rating from 1 to 5. */
export function readScore(rating: unknown): number | undefined {
  const text = readValue(rating);
  return text !== undefined && /^[1-5]$/.test(text) ? Number(text) : undefined;
}
