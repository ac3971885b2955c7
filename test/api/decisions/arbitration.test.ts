import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRecord } from '../../../db/decisions/record/decision-record.ts';
import { saveSnapshot } from '../../../db/learning/model-snapshots.ts';
import type { DecisionContext } from '../../../src/app/decide/decision-context.ts';
import type { RealtimeContext } from '../../../src/app/decide/realtime/decision-row.ts';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import type { ArbitrationRecord, JudgedCandidate } from '../../../src/domain/candidate.ts';
import type { Bundle } from '../../../src/domain/definition.ts';
import { createChooser } from '../../../src/engine/choose.ts';
import { restoreInput } from '../../../src/engine/journey/decide/decision-input.ts';
import { chooseList } from '../../../src/engine/realtime/choose-list.ts';
import { restoreList } from '../../../src/engine/replay/restore-list.ts';
import { baselineArmId } from '../../../src/learning/model/reward-kind.ts';
import { snapshotOf } from '../../engine/arbitration/arbitration-support.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { learningShop } from '../support/learning-shop.ts';

/** Decisions of a model and their complete records, on real rows. */
let api: TestApi;
let bundle: Bundle;
const evaluate = createEvaluator();
const some = [1, 0, 0, 1, 0];

beforeAll(async () => {
  api = await startApi({ waitMs: 100 }, () => learningShop());
  bundle = await api.deps.bundles(api.db.sql, WORKSPACE, 1);
  await teach(1, {
    'spring/web': some,
    'summer/chat': [...some, 1],
    'autumn/web': some,
    [baselineOf('spring')]: [0, 0],
  });
});
afterAll(() => api.stop());

function baselineOf(id: string): string {
  return baselineArmId(bundle.actions.find((action) => action.id === id)?.reward ?? null);
}

async function teach(version: number, rewards: Record<string, number[]>): Promise<void> {
  await saveSnapshot(api.db.sql, WORKSPACE, { foldedTo: 0, body: snapshotOf(bundle, { rewards, version }) });
}

async function willing(userId: string, ...more: Record<string, unknown>[]): Promise<string> {
  const properties = { purpose: 'marketing', status: 'granted' };
  await api.batch({ type: 'track', userId, event: 'Consent Changed', properties }, ...more);
  return api.customerOf(userId);
}

const asksForOffer = (userId: string) => ({ type: 'track', userId, event: 'Offer Asked', properties: {} });

const ordered = (userId: string) => ({
  type: 'track',
  userId,
  event: 'Order Completed',
  properties: { order_id: `o-${userId}`, total: 20, currency: 'EUR' },
});
const closedTicket = (userId: string) =>
  ['open', 'closed'].map((status, n) => ({
    type: 'track',
    userId,
    event: status === 'open' ? 'Ticket Opened' : 'Ticket Closed',
    properties: {
      ticket_id: `t-${userId}`,
      status,
      updated_at: new Date(Date.now() - 60_000 + n * 1_000).toISOString(),
    },
  }));

interface Row<Context> {
  id: string;
  at: number;
  placement: string | null;
  bundleVersion: number;
  actions: { action: string; propensity: number; reasons: string[] }[];
  candidates: JudgedCandidate[];
  arbitrated: ArbitrationRecord[] | null;
  context: Context;
}

async function rowsOf<Context>(customer: string, kind: 'journey' | 'realtime'): Promise<Row<Context>[]> {
  const rows = await api.db.sql<(Row<Context> & { record: Uint8Array })[]>`
    select id, at, placement, bundle_version as "bundleVersion", record from decisions
    where customer_id = ${customer} and kind = ${kind} and replayable order by committed_at, id`;
  return rows.map(({ record, ...row }) => {
    const { arbitrations: arbitrated, context, ...parts } = decodeRecord(record);
    return { ...row, ...parts, arbitrated, context: context as Context };
  });
}

/** An arbitration as a row stores it. */
const asStored = (value: unknown) => JSON.parse(JSON.stringify(value));
const served = (record: ArbitrationRecord | undefined) =>
  api.deps.models(api.db.sql, WORKSPACE, record?.modelVersion ?? null);

describe('I7: a decision is reproducible from its record', () => {
  it('a journey decision has the same verdicts, distribution and draw, bit for bit', async () => {
    const drawn = new Set<string>();
    for (let n = 0; n < 24; n++) {
      const user = `again-${n}`;
      // Some have a cool-down after a ticket that the same decision closes; others have ordered before.
      const before = n % 8 === 0 ? closedTicket(user) : n % 8 === 1 ? [ordered(user)] : [];
      const customer = await willing(user, ...before, asksForOffer(user));
      await api.decide();
      const [row] = await rowsOf<DecisionContext>(customer, 'journey');
      const [requestAll] = row?.context.inputs ?? [];
      if (!row || !requestAll) throw new Error('nothing was asked');
      const facts = { ...row.context.facts, attributes: bundle.attributes };
      const { candidates, request } = restoreInput(requestAll, {
        facts,
        scores: row.context.scores,
        now: row.at,
        evaluate,
        bundle,
        actionOf: (id) => bundle.actions.find((action) => action.id === id),
      });
      const again = createChooser(await served(row.arbitrated?.[0]))(candidates, request);
      expect(asStored(again.arbitration && [again.arbitration])).toEqual(row.arbitrated);
      expect([n, requestAll.stage, again.arbitration === null]).toEqual([
        n,
        n % 8 === 1 ? 'buyer' : 'visitor',
        n % 8 === 0,
      ]);
      expect(asStored(again.judgedCandidates)).toEqual(row.candidates);
      drawn.add(again.arbitration?.chosen ?? '');
    }
    // Draws that always choose one arm would prove nothing.
    expect(drawn.size).toBeGreaterThan(2);
  });

  it('a real-time decision has the same list', async () => {
    for (let n = 0; n < 12; n++) {
      const customer = await willing(`page-${n}`, ...(n % 2 === 0 ? [ordered(`page-${n}`)] : []));
      await api.decide();
      await api.post('/v1/decisions', { customer: `user:page-${n}`, placement: 'home' });
      const [row] = await rowsOf<RealtimeContext>(customer, 'realtime');
      if (!row) throw new Error('nothing was kept');
      const { facts, scores, fit: _, ...requestAll } = row.context;
      expect(requestAll.stage).toBe(n % 2 === 0 ? 'buyer' : 'visitor');
      const placement = bundle.placements.find(({ id }) => id === row.placement);
      if (!placement) throw new Error('no placement');
      const again = chooseList(
        restoreList(requestAll, {
          id: row.id,
          placement,
          bundle,
          facts: { ...facts, attributes: bundle.attributes },
          now: row.at,
          evaluate,
          model: await served(row.arbitrated?.[0]),
          fitted: null,
        }),
      );
      expect(asStored(again.scores)).toEqual(scores);
      expect(asStored(again.arbitrations)).toEqual(row.arbitrated ?? []);
      expect(asStored(again.judgedCandidates)).toEqual(row.candidates);
      const said = row.actions.map(({ action, propensity, reasons }) => ({ action, propensity, reasons }));
      const places = again.chosen.length > 0 ? again.chosen : again.fallback ? [again.fallback] : [];
      const listed = places.map(({ action, propensity, reasons }) => ({
        action: action.id,
        propensity,
        reasons,
      }));
      expect(asStored(listed)).toEqual(said);
    }
  });
});

describe('the decision view', () => {
  it('B-1 A-2 D-14: explains the chosen message, channel and time', async () => {
    for (let n = 0; ; n++) {
      if (n > 40) throw new Error('doing nothing forty times');
      const user = `shown-${n}`;
      const customer = await willing(user, asksForOffer(user));
      await api.decide();
      const { body } = await api.get(`/v1/customers/${customer}/decisions`);
      const decision = body.data.find((record: { actions: object[] }) => record.actions.length > 0);
      if (!decision) continue;
      const [arbitration] = decision.arbitrations;
      const [action] = decision.actions;
      expect(decision).toMatchObject({ customerId: customer, autonomy: 'ai_auto', policy: 'thompson' });
      expect(decision.versions).toEqual({ bundle: 'b-1', model: 'm-1', scores: null });
      expect(arbitration.arms.map(({ arm }: { arm: string }) => arm)).toEqual([
        '∅',
        'spring/chat',
        'spring/web',
        'summer/chat',
        'summer/web',
      ]);
      const [delivery] = action.deliveries;
      expect(arbitration.chosen).toBe(`${action.action}/${delivery.channel}`);
      expect(action.propensity).toBe(arbitration.propensity);
      expect(['highest_score', 'drawn']).toContain(action.reasons[0]);
      expect(delivery).toMatchObject({
        variant: null,
        sendReason: expect.any(String),
        sendAt: expect.any(String),
      });
      const winner = decision.candidates.find(({ verdict }: { verdict: string }) => verdict === 'chosen');
      expect(winner.scoreParts).toMatchObject({
        value: { amount: '20.00', currency: 'EUR' },
        cost: { amount: '0.50', currency: 'EUR' },
        fatigue: { amount: '0.00', currency: 'EUR' },
      });
      const { value, cost, expected, baseline, context, lever } = winner.scoreParts;
      const money = Number(value.amount) * context * lever * (expected - baseline) - Number(cost.amount);
      expect(winner.score).toBeCloseTo(money, 9);
      const losers = decision.candidates.filter(
        ({ verdict }: { verdict: string }) => verdict === 'outranked',
      );
      expect(losers).toHaveLength(3);
      expect(arbitration.pendingRewards).toEqual([
        { arm: arbitration.chosen, action: action.action, until: expect.any(String) },
      ]);
      return;
    }
  });

  it('returns do_nothing as the reason where doing nothing wins, and the pending rewards', async () => {
    for (let n = 0; ; n++) {
      if (n > 80) throw new Error('something eighty times');
      const user = `rests-${n}`;
      const customer = await willing(user, asksForOffer(user));
      await api.decide();
      const { body } = await api.get(`/v1/customers/${customer}/decisions`);
      const decision = body.data.find((record: { candidates: object[] }) => record.candidates.length > 0);
      const [arbitration] = decision.arbitrations;
      if (arbitration.chosen !== '∅') continue;
      expect([decision.outcome, decision.actions]).toEqual(['nothing', []]);
      expect(arbitration.reasons[0]).toBe('do_nothing');
      for (const { gates } of decision.candidates)
        expect(gates.at(-1)).toMatchObject({ gate: 'arbitration', code: 'do_nothing', liftsAt: null });
      expect(arbitration.pendingRewards.map(({ arm }: { arm: string }) => arm)).toEqual([
        baselineOf('spring'),
      ]);
      return;
    }
  });

  it('A-9: the next decision uses what the model has learned since', async () => {
    const user = 'learns';
    await willing(user);
    const requestAll = async () => {
      const { body } = await api.post('/v1/decisions', { customer: `user:${user}`, placement: 'ranked' });
      return (await api.get(`/v1/decisions/${body.decisionId}`)).body;
    };
    const before = await requestAll();
    await teach(2, { 'summer/web': new Array(200).fill(1), 'spring/web': new Array(200).fill(0) });
    const after = await requestAll();
    expect([before.versions.model, after.versions.model]).toEqual(['m-1', 'm-2']);
    type Shown = { candidates: { action: string; scoreParts: { expected: number; evidence: number } }[] };
    const partsOf = (decision: Shown, id: string) =>
      decision.candidates.find(({ action }) => action === id)?.scoreParts;
    expect(partsOf(after, 'summer')?.expected).toBeGreaterThan(
      (partsOf(before, 'summer')?.expected ?? 1) + 0.1,
    );
    expect(partsOf(after, 'spring')?.evidence).toBeGreaterThan(partsOf(before, 'spring')?.evidence ?? 1e9);
  });
});

describe('real-time lists', () => {
  it('draws each rank from the remaining arms; doing nothing ends the list; chosen arms have pending rewards', async () => {
    const lengths = new Set<number>();
    for (let n = 0; n < 60 && lengths.size < 3; n++) {
      const customer = await willing(`list-${n}`);
      const { body } = await api.post('/v1/decisions', { customer: `user:list-${n}`, placement: 'home' });
      const [row] = await rowsOf<RealtimeContext>(customer, 'realtime');
      const rounds = row?.arbitrated ?? [];
      const chosen = rounds.map((record) => record.chosen).filter((arm) => arm !== '∅');
      const fallback = body.fallbackReason !== null;
      if (fallback) expect(body.fallbackReason).toBe('do_nothing');
      lengths.add(chosen.length);
      if (!fallback) {
        expect(body.actions.map(({ action }: { action: string }) => `${action}/web`)).toEqual(chosen);
        expect(body.actions.map(({ propensity }: { propensity: number }) => propensity)).toEqual(
          rounds.slice(0, chosen.length).map((record) => record.propensity),
        );
      } else
        expect(body.actions).toMatchObject([{ action: 'imprint', propensity: 1, reasons: ['fallback'] }]);
      for (const [k, { arms, features: x }] of rounds.entries()) {
        expect(arms).toHaveLength(4 - k);
        for (const arm of chosen.slice(0, k)) expect(arms).not.toContain(arm);
        // The list is shown at once: all ranks use the same features.
        expect(x).toEqual(rounds[0]?.features);
      }
      if (chosen.length < 3) expect(rounds.at(-1)?.chosen).toBe('∅');
      const waits = await api.db.sql`
        select arm, channel, state, due_at - at as within from rewards where decision_id = ${row?.id ?? ''} order by id`;
      const expected = chosen.map((arm) => ({ arm, channel: 'web', state: 'open' }));
      if (chosen.length > 0) expect(waits).toMatchObject(expected);
      else expect(waits.map(({ arm }) => arm)).toEqual([baselineOf('autumn'), baselineOf('spring')].sort());
    }
    expect(lengths.size).toBeGreaterThan(1);
  });

  it('story 7, D-13: with an open ticket nothing is drawn, and the service fallback is returned', async () => {
    const customer = await willing('silent', ...closedTicket('silent').slice(0, 1));
    for (const placement of ['home', 'help', 'ranked']) {
      const { body } = await api.post('/v1/decisions', { customer: 'user:silent', placement });
      expect([placement, body.actions.map(({ action }: { action: string }) => action)]).toEqual([
        placement,
        ['imprint'],
      ]);
    }
    const rows = await rowsOf<RealtimeContext>(customer, 'realtime');
    expect(rows.map(({ arbitrated }) => arbitrated)).toEqual([null, null, null]);
    for (const judged of rows.flatMap(({ candidates }) => candidates))
      if (judged.class === 'marketing')
        expect(judged.gates).toContainEqual(expect.objectContaining({ code: 'ticket_open' }));
  });

  it('a dry run stores nothing', async () => {
    const customer = await willing('dry');
    const { body } = await api.post('/v1/decisions', {
      customer: 'user:dry',
      placement: 'home',
      dryRun: true,
    });
    expect(body.decisionId).toBeNull();
    const kept = await api.db.sql`
      select id from decisions where customer_id = ${customer} and kind = 'realtime'
      union all select id from rewards where customer_id = ${customer}`;
    expect(kept).toHaveLength(0);
  });
});
