import { Tokenizer, TokenKind } from 'liquidjs';

/** A text whose Liquid stands aside, so that whoever reads the text as markup can neither misread nor change it. */
export interface MaskedLiquid {
  text: string;
  /** Puts the Liquid back, as it was, wherever its marks have come to stand. */
  restore(text: string): string;
  /** The tags and outputs that `text` has no mark of any more, with the line of the source that they begin in. */
  findLost(text: string): { liquid: string; line: number }[];
  /** The line of the source (from 1) that this line of the masked text is: a mark has none of its tag's line breaks. */
  toSourceLine(line: number): number;
}

/** `text` must be Liquid that can be parsed. */
export function maskLiquid(source: string): MaskedLiquid {
  const mark = unusedIn(source);
  const markOf = (index: number) => `${mark}${index}E`;
  const marks = new RegExp(`${mark}(\\d+)E`, 'g');
  const masked: { liquid: string; line: number; breaks: number }[] = [];
  let text = '';
  let at = 0;
  let line = 1;
  for (const { kind, begin, end } of new Tokenizer(source).readTopLevelTokens()) {
    if (kind !== TokenKind.Tag && kind !== TokenKind.Output) continue;
    const before = source.slice(at, begin);
    const liquid = source.slice(begin, end);
    line += countLineBreaks(before);
    text += before + markOf(masked.length);
    masked.push({ liquid, line, breaks: countLineBreaks(liquid) });
    at = end;
    line += countLineBreaks(liquid);
  }
  return {
    text: text + source.slice(at),
    restore: (other) => other.replace(marks, (_, index) => masked[Number(index)]?.liquid ?? ''),
    findLost: (other) => masked.filter((_, index) => !other.includes(markOf(index))),
    toSourceLine: (of) => masked.reduce((found, tag) => (tag.line < found ? found + tag.breaks : found), of),
  };
}

/** Letters and digits alone: nothing of HTML, XML or CSS. */
function unusedIn(source: string): string {
  let salt = 0;
  while (source.includes(`LIQUID${salt}N`)) salt++;
  return `LIQUID${salt}N`;
}

export function countLineBreaks(text: string): number {
  return text.split('\n').length - 1;
}
