import { expect, test } from 'vitest';
import type { SweptCustomer } from '../../../db/sweeps/sweep-page.ts';
import type { SweepRow } from '../../../db/sweeps/sweeps.ts';
import { CustomerConditions } from '../../../src/app/sweeps/customer-conditions.ts';
import { createSelection } from '../../../src/app/sweeps/select-customer.ts';
import { lookUpZone } from '../../../src/app/time-zones.ts';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import { compileBundle } from '../../../src/definitions/compile/bundle.ts';
import { emptyProfile } from '../../../src/domain/customer/profile.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../../src/domain/definition.ts';
import { dateText } from '../../../src/domain/time/calendar-date.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { instantAtLocal, localDay } from '../../../src/domain/time/zone.ts';
import { computeScores } from '../../../src/learning/scores/compute-scores.ts';
import { fitScores } from '../../../src/learning/scores/fit-scores.ts';
import type { FittedScores } from '../../../src/learning/scores/types.ts';
import { listSweepSchedules } from '../../../src/service/sync-schedules.ts';
import { facts } from '../../engine/support.ts';
import type { BundleFile } from '../../support/bundles.ts';
import { buildJourneyFile, buildSegmentsFile, buildSmallBundle } from '../../support/sweep-fixtures.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const ACTIVATED = NOW - 60_000;
const deps = { evaluate: createEvaluator(), zones: lookUpZone };

function bundleOf(...files: BundleFile[]): Bundle {
  const compiled = compileBundle(buildSmallBundle(...files), null, 0);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  return { ...compiled.bundle, format: BUNDLE_FORMAT, version: 2 };
}

function customer(traits: Record<string, unknown>, more: Partial<SweptCustomer> = {}): SweptCustomer {
  const entries = Object.entries(traits).map(([key, value]) => [
    key,
    { value, at: 0, seq: 1, source: 'test' },
  ]);
  return {
    id: 'cus_1',
    seq: 1,
    profile: { ...emptyProfile(), traits: Object.fromEntries(entries) },
    paused: null,
    knownSince: ACTIVATED - 60_000,
    account: null,
    tickets: [],
    consents: [],
    eventHistory: {},
    lastNow: 0,
    progress: { stage: null, segments: {}, quietUntil: null },
    openJourneys: [],
    dates: {},
    enrollments: [],
    ...more,
  };
}

function buildSweep(kind: SweepRow['kind']): SweepRow {
  return {
    id: 's',
    workspace: 'aroma',
    kind,
    journey: 'j',
    entry: 0,
    occurrence: 'o',
    version: 2,
    cursor: '',
    seen: 0,
    found: 0,
    done: false,
    activatedAt: ACTIVATED,
  };
}

function selectIn(kind: SweepRow['kind'], bundle: Bundle, before: Bundle | null, swept: SweptCustomer) {
  const sweep = buildSweep(kind);
  const select = createSelection(sweep, bundle, before);
  return select?.(new CustomerConditions(deps, { bundle, fitted: null }, swept, NOW)) ?? null;
}

const inSegment = (inside: boolean) => ({ gold: { inside, since: 0 } });
const GOLD = { points: 100 };
const over = (n: number) => buildSegmentsFile({ gold: `has(traits.points) && traits.points >= ${n}.0` });
const plain = buildJourneyFile('j', '{ segment: gold, on: enter }');
const backfill = buildJourneyFile('j', '{ segment: gold, on: enter, backfill: true }');
const activation = (bundle: Bundle, before: Bundle | null, swept: SweptCustomer) =>
  selectIn('activation', bundle, before, swept);

test('a customer inside a newly watched segment is recorded as already inside', () => {
  const bundle = bundleOf(plain, over(50));
  expect(activation(bundle, null, customer(GOLD))).toEqual({
    reason: 'activation',
    baseline: ['gold'],
    backfill: [],
  });
  expect(activation(bundle, null, customer({ points: 1 }))).toBeNull();
  // Recorded as inside already, or woken by an event of their own: not selected.
  const known = { stage: null, segments: inSegment(true), quietUntil: null };
  expect(activation(bundle, null, customer(GOLD, { progress: known }))).toBeNull();
});

test('a customer created after the activation counts as newly inside', () => {
  const young = customer(GOLD, { knownSince: ACTIVATED + 1 });
  expect(activation(bundleOf(plain, over(50)), null, young)).toMatchObject({ baseline: [] });
});

test('C-3: a wider condition with backfill selects customers now inside, but not those already enrolled', () => {
  const [narrow, wide] = [bundleOf(backfill, over(100)), bundleOf(backfill, over(50))];
  const known = { stage: null, segments: inSegment(false), quietUntil: null };
  const outside = customer({ points: 60 }, { progress: known });
  expect(activation(wide, narrow, outside)).toEqual({
    reason: 'activation',
    baseline: [],
    backfill: ['gold'],
  });
  const inside = { stage: null, segments: inSegment(true), quietUntil: null };
  expect(activation(wide, narrow, customer(GOLD, { progress: inside, openJourneys: ['j'] }))).toBeNull();
  // An edit of another part does not backfill a second time.
  expect(activation(wide, wide, customer(GOLD, { progress: inside }))).toBeNull();
  // Adding backfill does.
  expect(activation(wide, bundleOf(plain, over(50)), customer(GOLD, { progress: inside }))).toMatchObject({
    backfill: ['gold'],
  });
});

test('a date entry selects customers once per edit, and only customers with that date', () => {
  const dated = (offset: string) =>
    bundleOf(buildJourneyFile('j', `{ date: traits.birthday, offset: ${offset} }`));
  const born = customer({ birthday: '1990-05-17' });
  expect(activation(dated('0d'), null, born)).toMatchObject({ reason: 'activation' });
  expect(activation(dated('0d'), dated('0d'), born)).toBeNull();
  expect(activation(dated('1d'), dated('0d'), born)).not.toBeNull();
  expect(activation(dated('0d'), null, customer({}))).toBeNull();
  expect(activation(dated('0d'), null, customer({ birthday: null }))).toBeNull();
});

test('a schedule selects all customers or those in its segment; a removed schedule selects none', () => {
  const bundle = bundleOf(buildJourneyFile('j', '{ schedule: "0 9 * * 1", where: gold }'), over(50));
  const due = { reason: 'schedule', journey: 'j', entry: 0, occurrence: 'o' };
  expect(selectIn('schedule', bundle, null, customer(GOLD))).toEqual(due);
  expect(selectIn('schedule', bundle, null, customer({}))).toBeNull();
  const all = bundleOf(buildJourneyFile('j', '{ schedule: "0 9 * * 1" }'));
  expect(selectIn('schedule', all, null, customer({}))).toEqual(due);
  expect(selectIn('schedule', bundleOf(plain, over(50)), null, customer(GOLD))).toBeNull();
});

test('an hourly sweep selects customers whom time has moved into or out of a segment or into another stage', () => {
  const bundle = bundleOf(plain, over(50));
  const known = (inside: boolean) => ({ stage: null, segments: inSegment(inside), quietUntil: null });
  expect(selectIn('hourly', bundle, null, customer(GOLD, { progress: known(false) }))).toEqual({
    reason: 'hourly',
  });
  expect(selectIn('hourly', bundle, null, customer({}, { progress: known(true) }))).toEqual({
    reason: 'hourly',
  });
  expect(selectIn('hourly', bundle, null, customer(GOLD, { progress: known(true) }))).toBeNull();

  const staged = bundleOf(buildJourneyFile('j', '{ api: true }'));
  staged.workspace.stages = [{ id: 'loyal', owner: 'crm', when: 'has(traits.points)' }];
  const at = (id: string) => ({ stage: { id, since: 0 }, segments: {}, quietUntil: null });
  expect(selectIn('hourly', staged, null, customer(GOLD, { progress: at('new'), lastNow: 1 }))).toEqual({
    reason: 'hourly',
  });
  expect(selectIn('hourly', staged, null, customer(GOLD, { progress: at('loyal'), lastNow: 1 }))).toBeNull();
  // A customer without a decision gets a stage with the first one.
  expect(selectIn('hourly', staged, null, customer(GOLD))).toBeNull();
});

test('only conditions that depend on time need an hourly sweep', () => {
  const looks = (when: string) => {
    const bundle = bundleOf(plain, buildSegmentsFile({ gold: when }));
    return listSweepSchedules(bundle).some((schedule) => schedule.entry === null);
  };
  expect(looks('has(traits.points)')).toBe(false);
  expect(looks("count('Order Completed') > 2")).toBe(false);
  expect(looks("count('Order Completed', 30) > 2")).toBe(true);
  expect(looks("daysSince('Order Completed') > 30.0")).toBe(true);
  expect(looks('has(traits.ends) && timestamp(traits.ends) < now')).toBe(true);
  expect(looks('scores.value > 0.5')).toBe(true);
});

test('E-1, story 6: a new fit selects only customers whose entry or wait by a score’s date it moves', () => {
  const steps =
    '[{ id: late, wait: { until: [{ date: scores.lapsedAt }] } }, { id: rest, wait: { until: [{ after: 30d }] } }]';
  const waits = bundleOf(buildJourneyFile('j', '{ api: true }', { steps }));
  const enters = bundleOf(buildJourneyFile('j', '{ date: scores.overdueAt, at: "09:00" }'));
  const nothing = bundleOf(buildJourneyFile('j', '{ date: traits.birthday }'));
  const [slow, quick] = [fitOf(20), fitOf(10)];
  const buyer = (more: Partial<SweptCustomer> = {}) => {
    const buyer = customer({}, more);
    const order = { id: 'o', status: 'paid' as const, total: 100, currency: 'EUR', problem: null };
    buyer.profile.orders.push({ ...order, at: NOW - 3 * DAY });
    buyer.profile.orderCount = 1;
    return buyer;
  };
  const tellFit = (
    bundle: Bundle,
    buyer: SweptCustomer,
    fitted: FittedScores,
    before: FittedScores | null,
  ) => {
    const select = createSelection({ ...buildSweep('fit'), occurrence: '2' }, bundle, null);
    return (
      select?.(new CustomerConditions(deps, { bundle, fitted, previousFit: before }, buyer, NOW)) ?? null
    );
  };
  const standing = (step: string) =>
    buyer({
      openJourneys: ['j'],
      enrollments: [
        { journey: 'j', step, status: { kind: 'waiting' }, entry: ENTRY, enteredAt: NOW },
      ] as never,
    });
  expect(tellFit(waits, standing('late'), quick, slow)).toEqual({ reason: 'fit' });
  expect(tellFit(waits, standing('late'), quick, null)).toEqual({ reason: 'fit' });
  expect(tellFit(waits, standing('late'), quick, quick)).toBeNull();
  expect(tellFit(waits, standing('rest'), quick, slow)).toBeNull();
  expect(tellFit(waits, buyer(), quick, slow)).toBeNull();

  expect(tellFit(enters, buyer(), quick, null)).toEqual({ reason: 'fit' });
  expect(tellFit(enters, customer({}), quick, null)).toBeNull();
  const { overdueAt = 0 } = computeScores({ ...wantedOf(buyer(), enters), fitted: quick });
  const zone = lookUpZone('Europe/Berlin', 'UTC', NOW);
  const day = localDay(zone, overdueAt);
  const armed = {
    on: dateText(day),
    at: instantAtLocal(zone, day, 9 * 60),
    state: 'armed' as const,
    last: null,
  };
  const waiting = (date: typeof armed | (Omit<typeof armed, 'state'> & { state: 'skipped' })) =>
    buyer({ dates: { 'j#0': date } });
  expect(tellFit(enters, waiting(armed), quick, slow)).toBeNull();
  expect(tellFit(enters, waiting(armed), slow, quick)).toEqual({ reason: 'fit' });
  // A customer whose timer has lost its date is selected, too; a date long past is not selected twice.
  expect(tellFit(enters, customer({}, { dates: { 'j#0': armed } }), quick, slow)).toEqual({ reason: 'fit' });
  const long = waiting({ ...armed, state: 'skipped' });
  for (const order of long.profile.orders) order.at = NOW - 900 * DAY;
  expect(tellFit(enters, long, quick, slow)).toBeNull();
  expect(createSelection({ ...buildSweep('fit'), occurrence: '2' }, nothing, null)).toBeNull();
});

const ENTRY = { id: 'evt', name: 'Order Completed', at: NOW, seq: 1, properties: {} };

function wantedOf(one: SweptCustomer, bundle: Bundle) {
  return { facts: facts({ profile: one.profile }), bundle, now: NOW, evaluate: deps.evaluate };
}

/** A fit of customers with a regular rhythm. */
function fitOf(alpha: number): FittedScores {
  const none = { ok: false as const, reason: 'too_few_repeaters' as const, message: '' };
  const fitted = fitScores({ version: '1', at: NOW, currency: 'EUR', customers: [], hours: null });
  const params = { model: 'mbg' as const, r: 0.5, alpha, a: 0.8, b: 2 };
  return { ...fitted, spend: none, buying: { ok: true, params, logLikelihood: 0, customers: 60 } };
}
