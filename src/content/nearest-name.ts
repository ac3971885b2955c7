import { distance } from 'fastest-levenshtein';

/** From this length on, three letters may differ. */
const LONG = 12;

/**
 * The name that a misspelt one most likely means: one letter in three may differ, at most two, of a long name three.
 * Undefined if none is so near. Upper and lower case, and how words are joined, count little: `tag_line` is near to `tagLine`.
 */
export function findNearest(name: string, names: Iterable<string>): string | undefined {
  const simple = simplify(name);
  const limit = Math.min(simple.length < LONG ? 2 : 3, Math.max(1, Math.floor(simple.length / 3)));
  let nearest: string | undefined;
  let least = limit + 1;
  for (const candidate of names) {
    if (candidate === name) continue;
    const other = simplify(candidate);
    // Two letters in the wrong order are one mistake.
    const difference = distance(simple, other) - (sortLetters(simple) === sortLetters(other) ? 1 : 0);
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

function simplify(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}

function sortLetters(text: string): string {
  return [...text].sort().join('');
}
