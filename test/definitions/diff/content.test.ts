import { expect, test } from 'vitest';
import { diffContent } from '../../../src/definitions/diff/content.ts';

const MAIL = 'content/tip/email.en.liquid';
const SMS = 'content/tip/sms.en.txt';
const mail = (subject: string, body: string) => `---\nsubject: ${subject}\n---\n${body}`;

function changes(before: Record<string, string>, after: Record<string, string>) {
  const list = (texts: Record<string, string>) =>
    Object.entries(texts).map(([path, text]) => ({ path, text }));
  return diffContent(list(before), list(after)).map(({ kind, change }) => `${kind} | ${change}`);
}

test.each([
  ['the same texts', { [MAIL]: mail('A', '<p>') }, { [MAIL]: mail('A', '<p>') }, []],
  ['a definition', { 'workspace.yaml': 'a' }, { 'workspace.yaml': 'b' }, []],
  ['a new file', {}, { [SMS]: 'Hello' }, ['content_added | content tip/sms.en.txt']],
  ['a removed file', { [SMS]: 'Hello' }, {}, ['content_removed | content tip/sms.en.txt']],
  [
    'another subject',
    { [MAIL]: mail('A', '<p>\n') },
    { [MAIL]: mail('B', '<p>\n') },
    ["content_changed | content tip/email.en.liquid: subject 'A' → 'B', lines +1 −1"],
  ],
  [
    'another body',
    { [MAIL]: mail('A', 'one\ntwo\n') },
    { [MAIL]: mail('A', 'one\ntwo and\nthree\n') },
    ['content_changed | content tip/email.en.liquid: lines +2 −1'],
  ],
  [
    'another text message',
    { [SMS]: 'Hello' },
    { [SMS]: 'Hello!' },
    ['content_changed | content tip/sms.en.txt: lines +1 −1'],
  ],
])('diff lists changes of content: %s', (_name, before, after, listed) => {
  expect(changes(before, after)).toEqual(listed);
});
