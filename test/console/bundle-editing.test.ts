import { beforeAll, describe, expect, it } from 'vitest';
import { applyDraft, changeDraft } from '../../console/src/pages/journeys/draft.ts';
import { locateProblem } from '../../console/src/pages/journeys/editor/locate-problem.ts';
import { findFile } from '../../console/src/pages/journeys/find-file.ts';
import { listMessages } from '../../console/src/pages/journeys/list-messages.ts';
import { diffLines, foldUnchanged } from '../../console/src/text-diff/diff-lines.ts';
import { complete, explain } from '../../console/src/yaml/complete.ts';
import { findYamlPosition } from '../../console/src/yaml/position.ts';
import type { JsonSchema } from '../../console/src/yaml/schema.ts';
import { bundleJsonSchema } from '../../src/definitions/source/json-schema.ts';

/** The position of `|` in a text. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  return { text: marked.replace('|', ''), offset };
}
const locate = (marked: string) => {
  const { text, offset } = at(marked);
  return findYamlPosition(text, offset);
};

describe('where a position in YAML is', () => {
  const cases: [string, ReturnType<typeof findYamlPosition>][] = [
    ['ow|', { path: [], at: 'key', typed: 'ow' }],
    ['id: a\n|', { path: [], at: 'key', typed: '' }],
    ['class: mark|', { path: ['class'], at: 'value', typed: 'mark' }],
    ['goal:\n  on: X\n  k|', { path: ['goal'], at: 'key', typed: 'k' }],
    ['goal:\n  on: X\nk|', { path: [], at: 'key', typed: 'k' }],
    [
      'steps:\n  - id: a\n    wait:\n      until:\n        - af|',
      { path: ['steps', 0, 'wait', 'until', 0], at: 'item', typed: 'af' },
    ],
    ['steps:\n  - id: a\n    exit: x\n  - id: b\n    n|', { path: ['steps', 1], at: 'key', typed: 'n' }],
    ['steps:\n- id: a\n- id: b\n  n|', { path: ['steps', 1], at: 'key', typed: 'n' }],
    ['steps:\n- id: a\nk|', { path: [], at: 'key', typed: 'k' }],
    ['enter: { on: X, wh|', { path: ['enter'], at: 'key', typed: 'wh' }],
    [
      'steps: [{ id: a, wait: { until: [{ af|',
      { path: ['steps', 0, 'wait', 'until', 0], at: 'key', typed: 'af' },
    ],
    ['steps: [{ id: a }, { id: b, next: |', { path: ['steps', 1, 'next'], at: 'value', typed: '' }],
    ['steps: [\n  { id: a },\n  { i|', { path: ['steps', 1], at: 'key', typed: 'i' }],
    ['a: "x: {"\nb|', { path: [], at: 'key', typed: 'b' }],
    ['id: a\n---\nsteps:\n  - i|', { path: ['steps', 0], at: 'item', typed: 'i' }],
    ['note: |-\n  text:\n    x\nk|'.replace('|-', '>-'), { path: [], at: 'key', typed: 'k' }],
    ['# comm|', null],
  ];
  it.each(cases)('%j', (marked, expected) => {
    expect(locate(marked)).toEqual(expected);
  });
});

describe('completion by the schema of bundles', () => {
  let schema: JsonSchema;
  beforeAll(() => {
    schema = bundleJsonSchema() as JsonSchema;
  });
  const bundle = [{ path: 'actions/all.yaml', text: '- id: tip-milk\n- id: tip-grinder\n' }];
  const names = (path: string, marked: string) => {
    const { text, offset } = at(marked);
    return complete(schema, { path, text }, offset, bundle)?.candidates.map(({ name }) => name) ?? [];
  };

  it('knows the keys of each kind of file, by its path', () => {
    expect(names('workspace.yaml', '|')).toEqual(expect.arrayContaining(['currency', 'timezone', 'spacing']));
    expect(names('journeys/a.yaml', '|')).toEqual(
      expect.arrayContaining(['owner', 'goal', 'enter', 'steps']),
    );
    expect(names('journeys/a.yaml', '|')).not.toContain('currency');
    expect(names('actions/all.yaml', '- |')).toEqual(expect.arrayContaining(['priority', 'eligible']));
    expect(names('content/tip/email.en.liquid', '|')).toEqual([]);
  });

  it('knows what is inside of alternatives and lists, in block and in flow style', () => {
    expect(names('journeys/a.yaml', 'enter: { |')).toEqual(
      expect.arrayContaining(['on', 'segment', 'schedule']),
    );
    expect(names('journeys/a.yaml', 'steps:\n  - id: a\n    |')).toEqual(
      expect.arrayContaining(['decide', 'wait', 'branch']),
    );
    expect(names('journeys/a.yaml', 'steps:\n  - id: a\n    decide:\n      |')).toEqual(
      expect.arrayContaining(['actions', 'hold', 'then']),
    );
  });

  it('knows values, and the ids of steps and actions', () => {
    expect(names('journeys/a.yaml', 'class: |')).toEqual(['marketing', 'service']);
    expect(names('journeys/a.yaml', 'steps:\n  - id: a\n    exit: x\n  - id: b\n    goto: |')).toEqual([
      'a',
      'b',
      'exit',
    ]);
    expect(names('journeys/a.yaml', 'steps: [{ id: a, decide: { actions: [tip|')).toEqual(
      expect.arrayContaining(['tip-milk', 'tip-grinder']),
    );
  });

  it('explains a key and a value in the words of the schema', () => {
    const of = (marked: string) => {
      const { text, offset } = at(marked);
      return explain(schema, { path: 'journeys/a.yaml', text }, offset);
    };
    expect(of('ow|ner: care')).toEqual({ name: 'owner', text: 'The role that is responsible for it.' });
    expect(of('whileOpen: ig|nore')?.text).toContain('ignore | restart');
    expect(of('nothing: |x')).toBeNull();
  });
});

describe('the place of a problem', () => {
  const text = 'id: tips\nsteps:\n  - id: a\n    decide: { actions: [x] }\n';
  const marked = (line: number | undefined, path: string) => {
    const { from, to } = locateProblem(text, { line, path });
    return text.slice(from, to);
  };
  it('is the last key of its path on its line, else the line', () => {
    expect(marked(4, 'steps[0].decide')).toBe('decide');
    expect(marked(4, 'steps[0].decide.actions[0]')).toBe('actions');
    expect(marked(3, 'steps[0].next')).toBe('- id: a');
    expect(marked(undefined, '')).toBe('id: tips');
    expect(marked(99, 'x')).toBe('');
  });
});

describe('the difference of two texts', () => {
  it('is the lines that were added and removed, among those that stayed', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc\nd').map(({ kind, text }) => `${kind[0]}${text}`)).toEqual([
      'sa',
      'rb',
      'ax',
      'sc',
      'ad',
    ]);
    expect(diffLines('', 'a')).toEqual([
      { kind: 'removed', text: '' },
      { kind: 'added', text: 'a' },
    ]);
  });

  it('gives both texts back, and leaves out what is far from a change', () => {
    const before = Array.from({ length: 40 }, (_, n) => `line ${n}`);
    const after = before.map((line) => (line === 'line 20' ? 'changed' : line));
    const lines = diffLines(before.join('\n'), after.join('\n'));
    const without = (kind: string) => lines.filter((line) => line.kind !== kind).map(({ text }) => text);
    expect([without('added'), without('removed')]).toEqual([before, after]);
    const folded = foldUnchanged(lines);
    expect([folded[0], folded.at(-1), folded.length]).toEqual([null, null, 10]);
    expect(foldUnchanged(diffLines('a', 'a'))).toEqual([null]);
  });

  it('of very long texts is shown without a comparison', () => {
    const text = (word: string) => Array.from({ length: 3_000 }, (_, n) => `${word} ${n}`).join('\n');
    expect(diffLines(text('a'), text('b'))).toHaveLength(6_000);
  });
});

describe('a draft', () => {
  const files = [
    { path: 'a.yaml', text: 'a' },
    { path: 'b.yaml', text: 'b' },
  ];
  it('has what differs from the active files, and the version that the first change began from', () => {
    const first = changeDraft(files, null, { path: 'a.yaml', text: 'x', version: 3 });
    const second = changeDraft(files, first, { path: 'b.yaml', text: null, version: 4 });
    expect(second).toEqual({ basedOn: 3, changed: { 'a.yaml': 'x', 'b.yaml': null } });
    expect(applyDraft(files, second)).toEqual([{ path: 'a.yaml', text: 'x' }]);
    const back = changeDraft(files, second, { path: 'a.yaml', text: 'a', version: 4 });
    expect(changeDraft(files, back, { path: 'b.yaml', text: 'b', version: 4 })).toBeNull();
  });

  it('opens the file of the URL, else that of the journey, else the first changed', () => {
    const journeys = [...files, { path: 'journeys/all.yaml', text: '- id: tips\n  owner: care\n' }];
    const draft = { basedOn: 1, changed: { 'b.yaml': 'x' } };
    expect(findFile(journeys, draft, { file: 'a.yaml' })).toBe('a.yaml');
    expect(findFile(journeys, draft, { journey: 'tips' })).toBe('journeys/all.yaml');
    expect(findFile(journeys, draft, { file: 'gone.yaml', journey: 'tip' })).toBe('b.yaml');
    expect(findFile(journeys, null, {})).toBe('a.yaml');
    expect(findFile([], null, {})).toBeUndefined();
  });

  it('knows which actions have messages, and on which channels', () => {
    const paths = [
      'content/tip/email.en.liquid',
      'content/tip/sms.de.txt',
      'content/_blocks/button.liquid',
      'content/note/push.en.txt',
    ];
    expect(listMessages(paths.map((path) => ({ path, text: '' })))).toEqual([
      { id: 'note', channels: ['push'] },
      { id: 'tip', channels: ['email', 'sms'] },
    ]);
  });
});
