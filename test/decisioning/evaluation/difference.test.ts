import { expect, test } from 'vitest';
import { isSame } from '../../../src/decisioning/evaluation/difference.ts';
import type { JudgedCandidate, Verdict } from '../../../src/domain/candidate.ts';

const judged = (...gates: Verdict[]): JudgedCandidate => ({
  enrollmentId: 'enr_1',
  action: 'tip',
  class: 'marketing',
  channel: 'email',
  verdict: gates.some((gate) => !gate.pass) ? 'blocked' : 'allowed',
  score: 1,
  propensity: 0,
  gates,
});

test('what-if: a decision of an earlier build, which named no rules and listed fewer passes, says the same', () => {
  const full: Verdict = {
    gate: 'caps',
    pass: false,
    code: 'cap_reached',
    observed: 1,
    needed: 1,
    liftsAt: 9,
  };
  const named = { ...full, rule: 'caps[1]' };
  const passing = { gate: 'caps', rule: 'caps[0]', pass: true };
  expect(isSame(judged(full), judged(passing, named))).toBe(true);
  expect(isSame(judged({ gate: 'caps', pass: true }), judged(passing))).toBe(true);
  expect(isSame(judged(full), judged(passing, { ...named, liftsAt: 10 }))).toBe(false);
});
