import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/paths.ts';

export interface RegexLiteral {
  file: string;
  line: number;
  source: string;
  flags: string;
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*|[\w$]+|[^\s]/g;
/** After these a slash begins a regular expression, and divides after all others. */
const BEFORE_REGEX = /^(?:[(,=:[!&|?{};+~^<>]|return|typeof|case|of|in)$/;

/** The regular expressions that are written as literals in a file, outside of templates. */
export function listRegexLiterals(file: string): RegexLiteral[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const literals: RegexLiteral[] = [];
  let before = '(';
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [token] = match;
    if (token.startsWith('//') || token.startsWith('/*')) continue;
    if (token.length > 1 && token.startsWith('/')) {
      if (BEFORE_REGEX.test(before)) {
        const end = token.lastIndexOf('/');
        const line = text.slice(0, match.index).split('\n').length;
        literals.push({ file, line, source: token.slice(1, end), flags: token.slice(end + 1) });
      } else TOKEN.lastIndex = match.index + 1;
    }
    before = token.length > 1 && token.startsWith('/') && !BEFORE_REGEX.test(before) ? '/' : token;
  }
  return literals;
}
