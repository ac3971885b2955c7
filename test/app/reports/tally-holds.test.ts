import { expect, test } from 'vitest';
import { buildHoldsReport, listHolds } from '../../../src/app/reports/tally-holds.ts';
import type { GateVerdict, JudgedCandidate } from '../../../src/domain/candidate.ts';

const TICKET: GateVerdict = { gate: 'suppression', code: 'ticket_open', rule: 'tickets', pass: false };
const SPACING: GateVerdict = { gate: 'spacing', code: 'too_soon', pass: false };
const CONSENT: GateVerdict = { gate: 'consent', pass: true };

function candidate(
  enrollmentId: string,
  action: string,
  verdict: JudgedCandidate['verdict'],
  ...gates: GateVerdict[]
): JudgedCandidate {
  return {
    enrollmentId,
    action,
    verdict,
    gates,
    class: 'marketing',
    channel: 'email',
    score: 0,
    propensity: 0,
  };
}

const journeyOf = (enrollment: string) => ({ e1: 'tips', e2: 'refill' })[enrollment] ?? null;

test('a decision counts once for each rule of a journey, however many actions and channels it blocks', () => {
  const holds = listHolds(
    [
      candidate('e1', 'grinder', 'blocked', TICKET, CONSENT),
      { ...candidate('e1', 'grinder', 'blocked', TICKET), channel: 'sms' },
      candidate('e1', 'milk', 'blocked', TICKET, SPACING),
      candidate('e2', 'refill', 'chosen', CONSENT),
      candidate('e2', 'refill', 'blocked', SPACING),
      candidate('gone', 'refill', 'blocked', SPACING),
    ],
    journeyOf,
  );
  expect(holds).toEqual([
    {
      journey: 'tips',
      held: true,
      keys: [
        [null, 'suppression', 'ticket_open', 'tickets'],
        ['grinder', 'suppression', 'ticket_open', 'tickets'],
        ['milk', 'suppression', 'ticket_open', 'tickets'],
        [null, 'spacing', 'too_soon', null],
        ['milk', 'spacing', 'too_soon', null],
      ],
    },
    {
      journey: 'refill',
      held: false,
      keys: [
        [null, 'spacing', 'too_soon', null],
        ['refill', 'spacing', 'too_soon', null],
      ],
    },
  ]);
});

test('the report has the rules that hold back most first, each with the actions that it blocked', () => {
  const report = buildHoldsReport({ decisions: 9, held: 4 }, [
    { key: ['milk', 'spacing', 'too_soon', null], decisions: 1, held: 1 },
    { key: [null, 'spacing', 'too_soon', null], decisions: 5, held: 1 },
    { key: ['grinder', 'spacing', 'too_soon', null], decisions: 5, held: 1 },
    { key: [null, 'suppression', 'ticket_open', 'tickets'], decisions: 3, held: 3 },
  ]);
  expect(report.decisions).toEqual({ decisions: 9, held: 4 });
  expect(report.rules.map(({ code, held, actions }) => [code, held, actions.map((a) => a.action)])).toEqual([
    ['ticket_open', 3, []],
    ['too_soon', 1, ['grinder', 'milk']],
  ]);
});
