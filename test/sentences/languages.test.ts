import { expect, test } from 'vitest';
import { describeVerdict } from '../../src/sentences/describe-verdict.ts';
import { english } from '../../src/sentences/en/catalogue.ts';
import { indonesian } from '../../src/sentences/id/catalogue.ts';
import { sentencesInIndonesian } from './support.ts';

type Words = (params: unknown) => string;

/** Stands for every parameter, as a text and as a list, and is found in what is written. */
const params = new Proxy({}, { get: (_, name) => createMark(`⟦${String(name)}⟧`) });

function createMark(text: string): object {
  return Object.assign(Object(text) as object, { text, count: 2 });
}

/** The parameters that a sentence writes. */
function listWritten(words: Words): string[] {
  return [...new Set([...words(params).matchAll(/⟦\w+⟧/g)].map(([mark]) => mark))].sort();
}

test.each(Object.keys(english))('%s says in Indonesian what it says in English', (code) => {
  const [inEnglish, inIndonesian] = [english, indonesian].map(
    (catalogue) => (catalogue as unknown as Record<string, Words>)[code] as Words,
  );
  expect(listWritten(inIndonesian as Words)).toEqual(listWritten(inEnglish as Words));
});

test('no sentence is left in English', () => {
  const same = Object.keys(english).filter((code) => {
    const [a, b] = [english, indonesian].map((catalogue) =>
      String((catalogue as unknown as Record<string, Words>)[code]?.(params)),
    );
    return a === b;
  });
  // These write what they are given, and nothing else.
  expect(same.sort()).toEqual(['event.other', 'item.other', 'item.with', 'reason.line', 'reason.text']);
});

test('times and lists are written as in Indonesia', () => {
  const verdict = {
    gate: 'tickets',
    code: 'ticket_open',
    observed: ['T1', 'T2'],
  };
  const tickets = ['T1', 'T2'].map((ticketId) => ({
    ticketId,
    ownerId: null,
    since: '2026-11-29T14:23:00Z',
    coolDownSeconds: 0,
  }));
  expect(sentencesInIndonesian.write(describeVerdict(verdict, { tickets }))).toMatch(
    /^tiket T1 dan T2 terbuka sejak 15[.:]23$/,
  );
});
