import { expect, test } from 'vitest';
import type { GateVerdict, JudgedCandidate } from '../../../src/domain/candidate.ts';
import { isSameJudgement } from '../../../src/engine/replay/compare-candidates.ts';

const judged = (...gates: GateVerdict[]): JudgedCandidate => ({
  enrollmentId: 'enr_1',
  action: 'tip',
  class: 'marketing',
  channel: 'email',
  verdict: gates.some((gate) => !gate.pass) ? 'blocked' : 'allowed',
  score: 1,
  propensity: 0,
  gates,
});

test('what-if: a decision of an earlier build without rule names equals the same decision with them', () => {
  const full: GateVerdict = {
    gate: 'caps',
    pass: false,
    code: 'cap_reached',
    observed: 1,
    needed: 1,
    liftsAt: 9,
  };
  const named = { ...full, rule: 'caps[1]' };
  const passing = { gate: 'caps', rule: 'caps[0]', pass: true };
  expect(isSameJudgement(judged(full), judged(passing, named))).toBe(true);
  expect(isSameJudgement(judged({ gate: 'caps', pass: true }), judged(passing))).toBe(true);
  expect(isSameJudgement(judged(full), judged(passing, { ...named, liftsAt: 10 }))).toBe(false);
});
