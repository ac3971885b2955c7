/** Where a position in a YAML text is: the keys and list positions that lead to it. */
export interface YamlPosition {
  /** Of the mapping that a key is typed into, or of the value that is typed. */
  path: (string | number)[];
  /** What is typed here. `item`: an item of a list, which may be a value or begin a mapping. */
  at: 'key' | 'value' | 'item';
  /** What of it is already there, before the position. */
  typed: string;
}

interface Level {
  indent: number;
  kind: 'map' | 'seq';
  key: string;
  index: number;
}

interface FlowLevel {
  kind: 'map' | 'seq';
  key: string | null;
  index: number;
  /** Text since the last `,`, `:` or bracket. */
  word: string;
}

const KEY = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#:[\]{},&*!|>'"%@`-][^:#]*?|-[^\s:#][^:#]*?)\s*:(?=\s|$)/;

/**
 * Finds the position at `offset`. It reads the text line by line and does without a parser, because while somebody types
 * the text is no YAML most of the time.
 */
export function findYamlPosition(text: string, offset: number): YamlPosition | null {
  const scanner = new Scanner();
  const lines = text.slice(0, offset).split('\n');
  const last = lines.pop() ?? '';
  for (const line of lines) scanner.read(line);
  return scanner.locate(last);
}

class Scanner {
  private levels: Level[] = [];
  private flow: FlowLevel[] = [];
  /** Lines that are indented by more belong to a block of text; null: none is open. */
  private blockIndent: number | null = null;
  private quote: string | null = null;

  read(line: string): void {
    if (this.flow.length > 0) return this.readFlow(line);
    if (line.trim() === '' || this.isInBlock(line)) return;
    if (/^(---|\.\.\.)(\s|$)/.test(line)) {
      this.levels = [];
      return;
    }
    const { rest, indent } = this.readDashes(line);
    const key = KEY.exec(rest);
    if (!key) {
      if (/^[[{]/.test(rest)) this.readFlow(rest);
      return;
    }
    this.enterKey(indent, unquote(key[1] as string));
    const value = rest.slice(key[0].length).trim();
    if (/^[[{]/.test(value)) this.readFlow(value);
    else if (/^[|>][+-]?\d*\s*(#.*)?$/.test(value)) this.blockIndent = indent;
  }

  locate(line: string): YamlPosition | null {
    if (this.flow.length > 0) {
      this.readFlow(line);
      return this.inFlow();
    }
    if (this.isInBlock(line) && line.trim() !== '') return null;
    if (/^\s*#/.test(line)) return null;
    const { rest, indent, dashed } = this.readDashes(line);
    const key = KEY.exec(`${rest}`);
    if (key) {
      this.enterKey(indent, unquote(key[1] as string));
      const value = rest.slice(key[0].length).trimStart();
      if (/^[[{]/.test(value)) {
        this.readFlow(value);
        return this.flow.length > 0 ? this.inFlow() : null;
      }
      if (/\s#/.test(value)) return null;
      return { path: this.path(), at: 'value', typed: value };
    }
    if (/^[[{]/.test(rest)) {
      this.readFlow(rest);
      return this.flow.length > 0 ? this.inFlow() : null;
    }
    this.leave(indent);
    if (dashed) return { path: this.path(), at: 'item', typed: rest };
    const top = this.levels.at(-1);
    const path = top && top.indent === indent ? this.path().slice(0, -1) : this.path();
    return { path, at: 'key', typed: rest };
  }

  /** Reads `- ` at the beginning, which may be several. */
  private readDashes(line: string): { rest: string; indent: number; dashed: boolean } {
    let indent = line.length - line.trimStart().length;
    let rest = line.slice(indent);
    let dashed = false;
    for (let dash = /^-(\s+|$)/.exec(rest); dash; dash = /^-(\s+|$)/.exec(rest)) {
      dashed = true;
      this.enterItem(indent);
      indent += dash[0].length;
      rest = rest.slice(dash[0].length);
    }
    return { rest, indent, dashed };
  }

  private enterItem(indent: number): void {
    while (this.levels.length > 0 && (this.levels.at(-1) as Level).indent > indent) this.levels.pop();
    const top = this.levels.at(-1);
    if (top?.kind === 'seq' && top.indent === indent) top.index++;
    else this.levels.push({ indent, kind: 'seq', key: '', index: 0 });
  }

  private enterKey(indent: number, key: string): void {
    this.leave(indent);
    const top = this.levels.at(-1);
    if (top?.kind === 'map' && top.indent === indent) top.key = key;
    else this.levels.push({ indent, kind: 'map', key, index: 0 });
  }

  /** Leaves everything that a key at this indent is not in. A list at the same indent has ended. */
  private leave(indent: number): void {
    for (let top = this.levels.at(-1); top; top = this.levels.at(-1)) {
      if (top.indent < indent || (top.indent === indent && top.kind === 'map')) return;
      this.levels.pop();
    }
  }

  private isInBlock(line: string): boolean {
    if (this.blockIndent === null) return false;
    const indent = line.length - line.trimStart().length;
    if (line.trim() === '' || indent > this.blockIndent) return true;
    this.blockIndent = null;
    return false;
  }

  private readFlow(text: string): void {
    let escaped = false;
    for (const [index, char] of [...text].entries()) {
      const top = this.flow.at(-1);
      if (this.quote !== null) {
        if (top) top.word += char;
        if (escaped) escaped = false;
        else if (char === '\\' && this.quote === '"') escaped = true;
        else if (char === this.quote) this.quote = null;
        continue;
      }
      if (char === '#' && (index === 0 || /\s/.test(text[index - 1] ?? ''))) break;
      if (char === '{' || char === '[')
        this.flow.push({ kind: char === '{' ? 'map' : 'seq', key: null, index: 0, word: '' });
      else if (!top) break;
      else if (char === '}' || char === ']') this.flow.pop();
      else if (char === ',') {
        top.index++;
        top.key = null;
        top.word = '';
      } else if (
        char === ':' &&
        top.kind === 'map' &&
        top.key === null &&
        /^(\s|$)/.test(text.slice(index + 1))
      ) {
        top.key = unquote(top.word.trim());
        top.word = '';
      } else {
        if ((char === '"' || char === "'") && top.word.trim() === '') this.quote = char;
        top.word += char;
      }
    }
    const top = this.flow.at(-1);
    if (top) top.word += ' ';
  }

  private inFlow(): YamlPosition | null {
    const top = this.flow.at(-1);
    if (!top) return null;
    const outer = this.flow
      .slice(0, -1)
      .map((level) => (level.kind === 'map' ? (level.key ?? '') : level.index));
    const path = [...this.path(), ...outer];
    const typed = top.word.trim();
    if (top.kind === 'seq') return { path: [...path, top.index], at: 'item', typed };
    return top.key === null ? { path, at: 'key', typed } : { path: [...path, top.key], at: 'value', typed };
  }

  private path(): (string | number)[] {
    return this.levels.map((level) => (level.kind === 'map' ? level.key : level.index));
  }
}

function unquote(text: string): string {
  return /^(".*"|'.*')$/.test(text) ? text.slice(1, -1) : text;
}
