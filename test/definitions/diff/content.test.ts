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

test('an edit of content names the message, and shows what differs in it', () => {
  const list = (texts: Record<string, string>) =>
    Object.entries(texts).map(([path, text]) => ({ path, text }));
  const before = { [MAIL]: mail('A', 'one\ntwo\nthree\nfour\n'), 'content/_blocks/foot.en.liquid': 'old\n' };
  const after = {
    [MAIL]: mail('A', "one\n2\nthree\nfour\n{% render 'foot' %}"),
    'content/_blocks/foot.en.liquid': 'new\n',
    'content/_blocks/page.liquid': "{% render 'foot' %}",
    'content/other/email.zh-Hant.b.liquid': '---\nsubject: x\nlayout: page\n---\n',
  };
  const edits = diffContent(list(before), list(after));
  expect(edits.find(({ content }) => content?.action === 'tip')).toMatchObject({
    content: { action: 'tip', channel: 'email', locale: 'en', variant: null },
    diff: "@@ -4,4 +4,5 @@\n one\n-two\n+2\n three\n four\n+{% render 'foot' %}\n\\ No newline at end of file",
  });
  expect(edits.find(({ content }) => content?.block === 'foot')).toMatchObject({
    change: 'content _blocks/foot.en.liquid: lines +1 −1, in the messages of other, tip',
    diff: '@@ -1,1 +1,1 @@\n-old\n+new',
  });
  expect(edits.find(({ content }) => content?.action === 'other')).toMatchObject({
    kind: 'content_added',
    content: { channel: 'email', locale: 'zh-Hant', variant: 'b' },
  });
});

test('a diff of a large text is cut', () => {
  const large = Array.from({ length: 5_000 }, (_, n) => `line ${n}`).join('\n');
  const [edit] = diffContent([], [{ path: SMS, text: large }]);
  expect(edit?.diff?.length).toBeLessThan(4_100);
});
