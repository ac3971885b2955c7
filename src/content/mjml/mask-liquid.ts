import { Tokenizer, TokenKind } from 'liquidjs';

/** A text whose Liquid is replaced by marks, so that a parser of markup can neither misread nor change it. */
export interface MaskedLiquid {
  text: string;
  /** Puts the Liquid back, as it was, at every mark in `text`. */
  restore(text: string): string;
  /** The tags and outputs whose mark `text` has lost, each with the line of the source (from 1) where it begins. */
  findLost(text: string): { liquid: string; line: number }[];
  /** The line of the source (from 1) for a line of the masked text: a mark has none of its tag's line breaks. */
  toSourceLine(line: number): number;
}

/** Replaces each tag and output. `source` must be Liquid that parses. */
export function maskLiquid(source: string): MaskedLiquid {
  const prefix = findUnusedPrefix(source);
  const markOf = (index: number) => `${prefix}${index}E`;
  const marks = new RegExp(`${prefix}(\\d+)E`, 'g');
  const masked: { liquid: string; line: number; breaks: number }[] = [];
  let text = '';
  let offset = 0;
  let line = 1;
  for (const { kind, begin, end } of new Tokenizer(source).readTopLevelTokens()) {
    if (kind !== TokenKind.Tag && kind !== TokenKind.Output) continue;
    const before = source.slice(offset, begin);
    const liquid = source.slice(begin, end);
    line += countLineBreaks(before);
    text += before + markOf(masked.length);
    masked.push({ liquid, line, breaks: countLineBreaks(liquid) });
    offset = end;
    line += countLineBreaks(liquid);
  }
  return {
    text: text + source.slice(offset),
    restore: (changed) => changed.replace(marks, (_, index) => masked[Number(index)]?.liquid ?? ''),
    findLost(changed) {
      const kept = new Set([...changed.matchAll(marks)].map(([, index]) => Number(index)));
      return masked.filter((_, index) => !kept.has(index));
    },
    toSourceLine: (maskedLine) =>
      masked.reduce((result, tag) => (tag.line < result ? result + tag.breaks : result), maskedLine),
  };
}

/** Letters and digits only: they mean nothing in HTML, XML and CSS. */
function findUnusedPrefix(source: string): string {
  let salt = 0;
  while (source.includes(`LIQUID${salt}N`)) salt++;
  return `LIQUID${salt}N`;
}

export function countLineBreaks(text: string): number {
  return text.split('\n').length - 1;
}
