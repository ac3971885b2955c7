import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { BoundedCache } from '../../domain/values/bounded-cache.ts';

/** A regular expression of the RE2 syntax. It matches in time proportional to text and size, on every version of Node. */
interface Pattern {
  /** Instructions of the compiled pattern. */
  size: number;
  /** Whether any part of the text matches. */
  matches(text: string): boolean;
}

type PatternResult = { ok: true; pattern: Pattern } | { ok: false; message: string };

export const MAX_PATTERN_CHARS = 1_000;
export const MAX_PATTERN_SIZE = 1_000;

/** A bundle is compiled several times, and each of its patterns matches at every evaluation. */
const patterns = new BoundedCache<PatternResult>({
  maxEntries: 1_000,
  maxChars: 100_000,
  maxKeyChars: MAX_PATTERN_CHARS,
});

/** Compiles a pattern, or says what to write instead. */
export function readPattern(source: string): PatternResult {
  if (source.length > MAX_PATTERN_CHARS)
    return { ok: false, message: `the pattern is longer than ${MAX_PATTERN_CHARS} characters` };
  return patterns.getOrCreate(source, compilePattern);
}

function compilePattern(source: string): PatternResult {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { ok: false, message: describeRefusal(error) };
  }
  const size = compiled.programSize();
  if (size > MAX_PATTERN_SIZE) {
    const advice = 'repeat fewer times, or split it into several matches()';
    return {
      ok: false,
      message: `the pattern has ${size} parts with its repeats written out, more than ${MAX_PATTERN_SIZE}: ${advice}`,
    };
  }
  // `test` would keep an automaton of up to 8 MB for each pattern; a matcher needs no memory between two texts.
  return { ok: true, pattern: { size, matches: (text) => compiled.matcher(text).find() } };
}

/** What RE2 does not know because it cannot be matched in linear time, or writes in another way. */
const REFUSALS: [begin: RegExp, advice: string][] = [
  [
    /^\(\?(<?[=!])/,
    "look-ahead and look-behind aren't supported: write two conditions, such as x.matches('a') && !x.matches('b')",
  ],
  [/^\\[1-9k]/, "back-references aren't supported: compare the parts with =="],
  [/^\(\?>|^[*+?}]\+/, 'matching never goes back over a text: leave the atomic group or the second + out'],
  [/^\\[uc]/, 'write a character by its number as \\x{E9}'],
  [/^\{/, 'a repeat is at most 1000, also of a repeat'],
];

function describeRefusal(error: RE2JSException): string {
  if (!(error instanceof RE2JSSyntaxException)) return `not a regular expression (${error.message})`;
  const place = error.getPattern() ?? '';
  const advice = REFUSALS.find(([begin]) => begin.test(place))?.[1];
  const at = place === '' ? '' : `, at '${place.slice(0, 40)}'`;
  return (advice ?? `not a regular expression: ${error.getDescription()}`) + at;
}
