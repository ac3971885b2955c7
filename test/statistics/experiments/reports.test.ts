import { expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time/time.ts';
import { buildCohortReport, type CohortRow } from '../../../src/statistics/experiments/cohort-report.ts';
import { compareRates } from '../../../src/statistics/experiments/compare.ts';
import { computeEfficiency } from '../../../src/statistics/experiments/efficiency.ts';
import {
  computeIncremental,
  computeIncrementalOfMeans,
} from '../../../src/statistics/experiments/incremental.ts';
import {
  buildLifecycleReport,
  type LifecycleRow,
} from '../../../src/statistics/experiments/lifecycle-report.ts';
import { countDropOff, type EndRow, type JudgedRow } from './drop-off.ts';

const NOW = Date.UTC(2026, 4, 1);

function member(
  cohort: string,
  arm: 'treated' | 'control',
  i: number,
  changes: Partial<CohortRow> = {},
): CohortRow {
  const good = arm === 'treated' ? 4 : 2;
  return {
    customer: `${cohort}-${arm}-${i}`,
    cohort,
    arm,
    excluded: false,
    purchases: i % 10 < good ? 2 : 1,
    loyal: i % 10 < good,
    advocate: i % 10 === 0,
    value: 1000 + (i % 7),
    ...changes,
  };
}

function members(cohort: string, treated: number, control: number): CohortRow[] {
  return [
    ...Array.from({ length: treated }, (_, i) => member(cohort, 'treated', i)),
    ...Array.from({ length: control }, (_, i) => member(cohort, 'control', i)),
  ];
}

test('B-4, C-9: the cohort report compares customer value with controls, with intervals', () => {
  const rows = [...members('2026-01', 900, 100), ...members('2026-02', 300, 40)];
  const { all, cohorts } = buildCohortReport(rows, 1000);
  expect(cohorts.map((c) => c.cohort)).toEqual(['2026-01', '2026-02']);
  expect(cohorts[0]?.loyalty).toMatchObject({
    kind: 'compared',
    lift: 1,
    control: { customers: 100, mean: 0.2 },
  });
  expect(cohorts[0]?.frequency).toMatchObject({
    kind: 'compared',
    treated: { customers: 900, mean: expect.closeTo(1.4, 9) },
  });
  const advocacy = cohorts[0]?.advocacy as { low: number; high: number };
  expect([advocacy.low < 0, advocacy.high > 0]).toEqual([true, true]);
  expect(all.sampleRatio.arms.map((arm) => arm.customers)).toEqual([1200, 140]);
  expect(JSON.parse(JSON.stringify({ all, cohorts }))).toEqual({ all, cohorts });
});

test('E-4: a cohort without controls or with a sample-ratio mismatch has no headline', () => {
  const without = buildCohortReport(members('x', 500, 0), 0).all;
  for (const headline of [without.frequency, without.loyalty, without.advocacy, without.value]) {
    expect(headline).toEqual({ kind: 'no_control', treated: 500 });
  }
  const odd = buildCohortReport(members('x', 900, 300), 1000).all;
  for (const headline of [odd.frequency, odd.loyalty, odd.advocacy, odd.value]) {
    expect(Object.keys(headline).sort()).toEqual(['kind', 'sampleRatio']);
    expect(headline.kind).toBe('invalid');
  }
});

test('B-6: customers whose merge united two arms are left out', () => {
  const rows = members('x', 900, 100);
  const met = Array.from({ length: 50 }, (_, i) =>
    member('x', 'control', i, { excluded: true, purchases: 99 }),
  );
  expect(buildCohortReport([...rows, ...met], 1000)).toEqual(buildCohortReport(rows, 1000));
});

test('B-5, D-18: efficiency has cost per contact, incremental value per spend, and cost per incremental unit', () => {
  const value = computeIncrementalOfMeans(
    { customers: 10_000, mean: 520, variance: 40_000 },
    { customers: 2000, mean: 500, variance: 40_000 },
  );
  const efficiency = computeEfficiency(25_000, 50_000, value);
  expect(efficiency).toMatchObject({ costPerContact: 2, value: { kind: 'incremental', amount: 200_000 } });
  expect(efficiency.valuePerSpend?.amount).toBe(4);
  expect(efficiency.valuePerSpend?.low).toBeGreaterThan(0);
  expect(efficiency.costPerUnit?.amount).toBe(0.25);
  expect(efficiency.costPerUnit?.high).toBeCloseTo(1 / (efficiency.valuePerSpend?.low as number), 12);
});

test('D-18: without a control there is no return on spend, and no cost per unit if the value may be zero', () => {
  const none = computeEfficiency(
    100,
    500,
    computeIncrementalOfMeans({ customers: 900, mean: 5, variance: 1 }, null),
  );
  expect(none).toMatchObject({ costPerContact: 5, valuePerSpend: null, costPerUnit: null });
  const unclear = computeIncremental(
    compareRates({ customers: 900, events: 50 }, { customers: 100, events: 5 }, { relevantDifference: 0.01 }),
  );
  expect(unclear.kind).toBe('underpowered');
  const efficiency = computeEfficiency(0, 500, unclear);
  expect(efficiency.costPerContact).toBeNull();
  expect(efficiency.valuePerSpend?.low).toBeLessThan(0);
  expect(efficiency.costPerUnit).toBeNull();
  expect(computeEfficiency(0, 0, unclear).valuePerSpend).toBeNull();
  expect(() => computeEfficiency(3, Number.NaN, unclear)).toThrow('at least 0');
});

const passed = { gate: 'consent', pass: true };
const cap = { gate: 'caps', rule: 'caps[0]', pass: false, code: 'cap_reached' };
const monthly = { ...cap, rule: 'caps[1]' };
const ticket = { gate: 'suppression', pass: false, code: 'ticket_open' };
const lost = { gate: 'arbitration', pass: false, code: 'outranked' };

test('C-11: drop-off counts what each rule blocked, alone and with others, and the outcome of each action', () => {
  const judged: JudgedRow[] = [
    { action: 'tip', stage: 'adoption', verdict: 'blocked', gates: [passed, cap, cap] },
    { action: 'tip', stage: 'adoption', verdict: 'blocked', gates: [passed, cap, ticket] },
    { action: 'tip', stage: 'adoption', verdict: 'blocked', gates: [passed, cap, monthly] },
    { action: 'tip', stage: 'adoption', verdict: 'chosen', gates: [passed] },
    { action: '__proto__', stage: null, verdict: 'outranked', gates: [passed, lost] },
  ];
  const { rules, actions, stages } = countDropOff(judged, [], 1000);
  expect(rules).toEqual([
    { gate: 'caps', code: 'cap_reached', rule: 'caps[0]', blocked: 3, alone: 1, share: 0.6 },
    { gate: 'caps', code: 'cap_reached', rule: 'caps[1]', blocked: 1, alone: 0, share: 0.2 },
    { gate: 'suppression', code: 'ticket_open', rule: null, blocked: 1, alone: 0, share: 0.2 },
  ]);
  expect(actions).toEqual([
    { action: '__proto__', judged: 1, chosen: 0, outranked: 1, allowed: 0, blocked: 0 },
    { action: 'tip', judged: 4, chosen: 1, outranked: 0, allowed: 0, blocked: 3 },
  ]);
  expect(stages.map((s) => [s.stage, s.judged, s.goal.kind])).toEqual([
    ['adoption', 4, 'no_control'],
    [null, 1, 'no_control'],
  ]);
  expect(countDropOff([], [], 1000)).toEqual({ rules: [], actions: [], stages: [] });
});

test('C-11, E-4: each stage has its end reasons, and its goal compared with the controls', () => {
  const end = (i: number, arm: 'treated' | 'control', goal: boolean): EndRow => ({
    customer: `${arm}-${i}`,
    arm,
    excluded: false,
    stage: 'renewal',
    reason: goal ? 'goal' : i % 2 ? 'completed' : 'Refunded',
    goal,
  });
  const ends = [
    ...Array.from({ length: 400 }, (_, i) => end(i, 'treated', i < 200)),
    ...Array.from({ length: 100 }, (_, i) => end(i, 'control', i < 20)),
  ];
  const [stage] = countDropOff([], ends, 2000).stages;
  expect(stage).toMatchObject({
    stage: 'renewal',
    ended: 400,
    reasons: [
      { reason: 'goal', ended: 200 },
      { reason: 'Refunded', ended: 100 },
      { reason: 'completed', ended: 100 },
    ],
    goal: {
      kind: 'compared',
      treated: { customers: 400, mean: 0.5 },
      control: { customers: 100, mean: 0.2 },
    },
  });
});

test('C-12: acquisition, engagement and retention are about different customers', () => {
  const window = { from: NOW, to: NOW + 30 * DAY };
  const row = (i: number, arm: 'treated' | 'control', changes: Partial<LifecycleRow>): LifecycleRow => ({
    customer: `${arm}-${i}`,
    arm,
    excluded: false,
    knownSince: NOW - 90 * DAY,
    purchases: [],
    engagements: [],
    ...changes,
  });
  const inside = NOW + DAY;
  const buildArm = (arm: 'treated' | 'control', newly: number, again: number): LifecycleRow[] => [
    ...Array.from({ length: 100 }, (_, i) =>
      row(i, arm, { purchases: i < newly ? [inside, NOW + 31 * DAY] : [] }),
    ),
    ...Array.from({ length: 50 }, (_, i) =>
      row(100 + i, arm, { purchases: i < again ? [NOW - DAY, inside] : [NOW - DAY], engagements: [NOW] }),
    ),
    row(200, arm, { knownSince: NOW + 30 * DAY, purchases: [NOW + 30 * DAY] }),
  ];
  const report = buildLifecycleReport(
    [...buildArm('treated', 20, 40), ...buildArm('control', 10, 30)],
    window,
    5000,
  );
  expect(report.acquisition).toMatchObject({
    treated: { customers: 100, mean: 0.2 },
    control: { customers: 100, mean: 0.1 },
  });
  expect(report.retention).toMatchObject({
    treated: { customers: 50, mean: 0.8 },
    control: { customers: 50, mean: 0.6 },
  });
  expect(report.engagement).toMatchObject({ treated: { customers: 150, mean: 1 / 3 }, difference: 0 });
  expect(Object.keys(report)).toEqual(['acquisition', 'engagement', 'retention']);
  const alone = buildLifecycleReport(buildArm('treated', 20, 40), window, 0);
  for (const part of Object.values(alone)) expect(Object.keys(part)).toEqual(['kind', 'treated']);
});
