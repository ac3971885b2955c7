import { distance } from 'fastest-levenshtein';

/** Nobody means a name by a text of more characters. */
const LONGEST = 200;
/** From this length on, three letters may differ. */
const LONG = 12;

/**
 * The name that a misspelt one most likely means: one letter in three may differ, at most two, of a long name three.
 * Undefined if none is so near. Upper and lower case, and how words are joined and ordered, count little: `tag_line` is
 * near to `tagLine`.
 */
export function findNearest(name: string, names: Iterable<string>): string | undefined {
  if (name.length > LONGEST) return undefined;
  const simple = simplify(name);
  const sorted = sortWords(name);
  const limit = Math.min(simple.length < LONG ? 2 : 3, Math.max(1, Math.floor(simple.length / 3)));
  let nearest: string | undefined;
  let least = limit + 1;
  for (const candidate of names) {
    if (candidate === name || Math.abs(candidate.length - name.length) > LONGEST) continue;
    const difference = Math.min(measure(simple, simplify(candidate)), measure(sorted, sortWords(candidate)));
    if (difference >= least) continue;
    nearest = candidate;
    least = difference;
  }
  return nearest;
}

/** The end of a message about an unknown name: `; did you mean 'tips'?`, or nothing. */
export function suggestName(name: string, names: Iterable<string>): string {
  const nearest = findNearest(name, names);
  return nearest === undefined ? '' : `; did you mean '${nearest}'?`;
}

/** Two letters in the wrong order are one mistake. */
function measure(a: string, b: string): number {
  return distance(a, b) - (sortLetters(a) === sortLetters(b) ? 1 : 0);
}

/** `Completed Order` is `Order Completed`. */
function sortWords(name: string): string {
  return name
    .toLowerCase()
    .split(/[\s_-]+/)
    .sort()
    .join('');
}

function simplify(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}

function sortLetters(text: string): string {
  return [...text].sort().join('');
}
