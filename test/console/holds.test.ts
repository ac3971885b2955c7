import { expect, test } from 'vitest';
import { type Holds, listDecidingSteps, listHoldRows } from '../../console/src/pages/journeys/holds.ts';

const STEPS = listDecidingSteps({
  nodes: [
    { id: 'enter:0', kind: 'enter', label: 'Begun' },
    { id: 'first', kind: 'decide', label: 'a, b', actions: ['a', 'b'] },
    { id: 'second', kind: 'decide', label: 'b', actions: ['b'] },
  ],
});

const REPORT: Holds = {
  countedAt: '2026-11-29T00:00:00Z',
  period: { from: '2026-11-01T00:00:00Z', to: '2026-11-29T00:00:00Z' },
  journey: 'tips',
  decisions: { decisions: 10, held: 6 },
  sampled: false,
  rules: [
    {
      gate: 'consent',
      code: 'consent_unknown',
      rule: null,
      decisions: 5,
      held: 4,
      actions: [
        { action: 'a', decisions: 5, held: 4 },
        { action: 'gone', decisions: 1, held: 1 },
      ],
    },
    {
      gate: 'caps',
      code: 'cap_reached',
      rule: 'caps[0]',
      decisions: 6,
      held: 2,
      actions: [{ action: 'b', decisions: 6, held: 2 }],
    },
  ],
};

test('each rule is one row, with every step that offers what it blocked', () => {
  const rows = listHoldRows(REPORT, STEPS);
  expect(rows.map(({ code, held }) => [code, held])).toEqual([
    ['consent_unknown', 4],
    ['cap_reached', 2],
  ]);
  expect(rows.map(({ places }) => places.map(({ step, action }) => [step, action]))).toEqual([
    [
      ['first', 'a'],
      [null, 'gone'],
    ],
    [
      ['first', 'b'],
      ['second', 'b'],
    ],
  ]);
});

test('of one step each rule and action is a row', () => {
  expect(listHoldRows(REPORT, STEPS, 'first').map(({ code, held }) => [code, held])).toEqual([
    ['consent_unknown', 4],
    ['cap_reached', 2],
  ]);
  const [only, ...others] = listHoldRows(REPORT, STEPS, 'second');
  expect([only?.code, only?.places, others]).toEqual([
    'cap_reached',
    [{ step: 'second', action: 'b', decisions: 6 }],
    [],
  ]);
});
