import { Lexer } from 'yaml';

/** How deep lists and mappings in brackets may be, and `- - -` on one line. Definitions have some ten levels. */
const MOST_DEPTH = 64;
/** Documents that a file may have. */
const MOST_DOCUMENTS = 2_000;

/** The lexer says with it that a plain scalar follows, which is no sign then. */
const SCALAR = '\u001f';
/** Marks that the lexer inserts: they are no text of the file. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', SCALAR]);

export interface StructureProblem {
  /** From 1. */
  line: number;
  message: string;
}

/**
 * Finds what would cost the parser of YAML far more than the file's length: deep nesting, thousands of documents, and
 * brackets that close nothing, each of which it would report. The lexer takes linear time.
 */
export function checkStructure(text: string): StructureProblem | null {
  let offset = 0;
  let depth = 0;
  let signs = 0;
  let documents = 0;
  let isScalar = false;
  const at = (message: string) => ({ line: text.slice(0, offset).split('\n').length, message });
  for (const lexeme of new Lexer().lex(text)) {
    if (MARKS.has(lexeme)) {
      isScalar = lexeme === SCALAR;
      continue;
    }
    if (!isScalar) {
      if (lexeme === '[' || lexeme === '{') depth++;
      else if (lexeme === ']' || lexeme === '}') depth--;
      else if (lexeme === '-' || lexeme === '?') signs++;
      else if (lexeme === '---') documents++;
      else if (lexeme === '\n' || lexeme === '\r\n') signs = 0;
      if (depth < 0) return at(`'${lexeme}' closes nothing`);
      if (depth > MOST_DEPTH || signs > MOST_DEPTH) return at(`is nested more than ${MOST_DEPTH} deep`);
      if (documents > MOST_DOCUMENTS) return at(`has more than ${MOST_DOCUMENTS} documents`);
    }
    isScalar = false;
    offset += lexeme.length;
  }
  return null;
}
