import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { changeWeights } from '../../../src/definitions/source/change-weights.ts';
import { readBundleDir } from '../../support/bundles.ts';
import { AROMA } from '../../support/paths.ts';

const aroma = await readBundleDir(AROMA);
const lever = fc.integer({ min: 50, max: 200 }).map((n) => n / 100);

test('weights: only the numbers change in the text of the example, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 20, noNaN: true }).map((n) => Number(n.toFixed(4))),
      fc.integer({ min: 0, max: 100 }),
      fc.record({ 'tip-grinder': lever, 'tip-milk': lever }),
      fc.integer({ min: -50, max: 50 }),
      (fatigue, explore, levers, priority) => {
        const { changed, unknownActions } = changeWeights(aroma, {
          fatigue,
          explore: explore / 100,
          levers,
          priorities: { 'tip-milk': priority },
        });
        expect(unknownActions).toEqual([]);
        const textOf = (path: string) =>
          (changed.find((file) => file.path === path) ?? aroma.find((file) => file.path === path))
            ?.text as string;
        const before = parse(aroma.find((file) => file.path === 'workspace.yaml')?.text as string);
        expect(parse(textOf('workspace.yaml'))).toEqual({
          ...before,
          arbitration: { ...before.arbitration, fatigue, explore: `${explore}%` },
        });
        const actions = parse(aroma.find((file) => file.path === 'actions/tips.yaml')?.text as string);
        expect(parse(textOf('actions/tips.yaml'))).toEqual(
          actions.map((action: { id: string }) => ({
            ...action,
            ...(action.id in levers ? { lever: levers[action.id as 'tip-milk'] } : {}),
            ...(action.id === 'tip-milk' ? { priority } : {}),
          })),
        );
        const comments = (text: string) => text.split('\n').filter((line) => line.trim().startsWith('#'));
        for (const { path, text } of changed)
          expect(comments(text)).toEqual(comments(aroma.find((file) => file.path === path)?.text as string));
      },
    ),
    { numRuns: 50 },
  );
});

test.each([
  [
    'a mapping in lines',
    'id: tip # one\nclass: marketing\n',
    'id: tip # one\nlever: 1.5\nclass: marketing\n',
  ],
  ['a mapping in braces', '{ id: tip, class: marketing }\n', '{ id: tip, class: marketing, lever: 1.5 }\n'],
  ['a list', '- id: tip\n  class: marketing\n', '- id: tip\n  lever: 1.5\n  class: marketing\n'],
  ['documents', 'id: offer\n---\nid: tip\n', 'id: offer\n---\nid: tip\nlever: 1.5\n'],
  ['a number that is there', 'id: tip\nlever: 1 # ours\n', 'id: tip\nlever: 1.5 # ours\n'],
  ['another text first', 'task: |\n  text\nid: tip\n', 'lever: 1.5\ntask: |\n  text\nid: tip\n'],
  ['no line end', 'id: tip', 'id: tip\nlever: 1.5'],
])('weights: %s gets the lever of its action', (_, text, expected) => {
  const { changed } = changeWeights([{ path: 'actions/all.yaml', text }], { levers: { tip: 1.5 } });
  expect(changed).toEqual([{ path: 'actions/all.yaml', text: expected }]);
});

test('weights: a workspace without arbitration gets it, and an equal weight changes nothing', () => {
  const file = { path: 'workspace.yaml', text: 'id: aroma\nname: Aroma\n' };
  const { changed } = changeWeights([file], { mode: 'pcvl', explore: 0.07 });
  expect(changed[0]?.text).toBe('id: aroma\narbitration: { mode: pcvl, explore: 7% }\nname: Aroma\n');
  expect(changeWeights(changed, { mode: 'pcvl', explore: 0.07 }).changed).toEqual([]);
});

test('weights: actions that no file defines are named, and broken files stay', () => {
  const files = [
    { path: 'actions/all.yaml', text: 'id: [tip\n' },
    { path: 'content/tip/email.en.liquid', text: 'id: tip' },
  ];
  expect(changeWeights(files, { levers: { tip: 2 }, fatigue: 1 })).toEqual({
    changed: [],
    unknownActions: ['tip'],
  });
});
