import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import type { ArbitrationRecord, Candidate, Choice } from '../../../src/domain/candidate.ts';
import { AUTONOMY } from '../../../src/domain/definition.ts';
import { createChooser } from '../../../src/engine/choose.ts';
import { request, ticket } from '../support.ts';
import { anyAutonomy, anyPool, anyRewards, modelOf, shop, under } from './arbitration-support.ts';

const NOTHING = '∅';
const evaluate = createEvaluator();
const at = (seed = 'dec_1/0', arbitration = {}) =>
  request({
    evaluate,
    seed,
    stage: 'known',
    bundle: shop({ arbitration: { mode: 'uplift', off: [], fatigue: 5, explore: 0, ...arbitration } }),
  });
const byRules = createChooser(null);
const silencing = { openTickets: [ticket()] };

const armOf = ({ action, channel }: { action: string; channel: string }) => `${action}/${channel}`;

/** What nobody has to know about which enrollment came first. */
const outline = (choice: Choice) => ({
  chosen: choice.chosen.map((c) => `${c.enrollment.id} ${c.action.id}/${c.channel}`).sort(),
  nothing: [...choice.endedByDoingNothing].sort(),
  arbitrated: choice.arbitration,
  judged: choice.judgedCandidates
    .map((j) => `${j.enrollmentId} ${armOf(j)} ${j.verdict} ${j.score} ${j.propensity}`)
    .sort(),
});

test('the distribution sums to 1, gives each allowed arm its floor and blocked arms nothing, and holds the choice’s propensity', () => {
  fc.assert(
    fc.property(anyPool, anyRewards, anyAutonomy, (pool, rewards, autonomy) => {
      const decision = at();
      const choice = createChooser(modelOf(rewards))(under(pool, autonomy), decision);
      const { arbitration: arbitrated, judgedCandidates: judged } = choice;
      if (!arbitrated) {
        expect(judged.some((j) => j.class === 'marketing' && j.verdict === 'chosen')).toBe(false);
        return;
      }
      const { arms, distribution, scores, chosen, propensity, policy } = arbitrated;
      expect([arms.length, arms.length]).toEqual([distribution.length, scores.length]);
      expect(new Set(arms).size).toBe(arms.length);
      expect(distribution.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      expect(propensity).toBe(distribution[arms.indexOf(chosen)]);
      const least = Math.min(0.005, 0.2 / arms.length) - 1e-12;
      if (policy !== 'rules') expect(distribution.every((p) => p >= least)).toBe(true);
      const allowed = judged.filter((j) => j.class === 'marketing' && j.verdict !== 'blocked').map(armOf);
      expect(arms.filter((arm) => arm !== NOTHING && !allowed.includes(arm))).toEqual([]);
      if (autonomy === 'ai_auto') {
        const single = pool.filter((c) => c.deliver === 'one').map((c) => `${c.action.id}/${c.channel}`);
        expect(allowed.filter((arm) => single.includes(arm) && !arms.includes(arm))).toEqual([]);
      }
      for (const j of judged.filter((one) => one.verdict === 'blocked')) expect(j.propensity).toBe(0);
      const shares = judged.filter((j) => j.class === 'marketing').reduce((sum, j) => sum + j.propensity, 0);
      const resting = distribution[arms.indexOf(NOTHING)] ?? 0;
      if (policy !== 'rules') expect(shares + resting).toBeCloseTo(1, 12);
      const marketing = choice.chosen.filter((c) => c.action.class === 'marketing');
      expect(marketing.map((c) => `${c.action.id}/${c.channel}`)).toEqual(chosen === NOTHING ? [] : [chosen]);
      if (chosen === NOTHING) expect(new Set(choice.endedByDoingNothing).size).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  );
});

test('I7: the same seed gives the same choice in any order of the candidates', () => {
  fc.assert(
    fc.property(
      anyPool,
      anyRewards,
      anyAutonomy,
      fc.infiniteStream(fc.nat()),
      (pool, rewards, autonomy, keys) => {
        const proposed = under(pool, autonomy);
        const shuffled = proposed
          .map((c) => ({ c, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ c }) => c);
        const choose = createChooser(modelOf(rewards));
        const choice = outline(choose(proposed, at()));
        expect(outline(createChooser(modelOf(rewards))(proposed, at()))).toEqual(choice);
        expect(outline(choose(shuffled, at()))).toEqual(choice);
      },
    ),
    { numRuns: 150 },
  );
});

test('C-8: rules_only gives the same choice with any model and with none, also where one step of the pool has it', () => {
  fc.assert(
    fc.property(anyPool, anyRewards, fc.boolean(), (pool, rewards, all) => {
      const marketing = pool.filter((c) => c.action.class === 'marketing');
      const cautious = (c: Candidate) => all || c.enrollment.id === marketing[0]?.enrollment.id;
      const proposed = pool.map((c) => ({
        ...c,
        autonomy: cautious(c) ? ('rules_only' as const) : c.autonomy,
      }));
      const choice = createChooser(modelOf(rewards))(proposed, at());
      const other = byRules(proposed, at('another seed', { explore: 10_000 }));
      const { arbitration: arbitrated } = choice;
      if (arbitrated?.autonomy !== 'rules_only') return;
      expect(choice).toEqual(other);
      expect([arbitrated.policy, arbitrated.modelVersion, arbitrated.propensity]).toEqual(['rules', null, 1]);
      expect(arbitrated.distribution.filter((p) => p !== 0)).toEqual([1]);
      // What rules do teaches: features and rewards are there.
      expect(arbitrated.features).toHaveLength(
        createChooser(modelOf(rewards))(under(pool, 'ai_auto'), at()).arbitration?.features.length ?? 0,
      );
    }),
    { numRuns: 150 },
  );
});

test('C-8: ai_rank never chooses doing nothing, nor another channel than the rules', () => {
  fc.assert(
    fc.property(anyPool, anyRewards, fc.string(), (pool, rewards, seed) => {
      const { arbitration: arbitrated, judgedCandidates: judged } = createChooser(modelOf(rewards))(
        under(pool, 'ai_rank'),
        at(seed),
      );
      // Of arms that the model has never learned of, rules decide.
      if (!arbitrated || arbitrated.policy === 'rules') return;
      if (judged.some((j) => j.class === 'service' && j.verdict === 'chosen')) return;
      expect(arbitrated.arms).not.toContain(NOTHING);
      for (const arm of arbitrated.arms) {
        const name = arm.split('/')[0] as string;
        const offered = judged.filter((j) => j.action === name && j.verdict !== 'blocked').map(armOf);
        expect(offered[0]).toBe(arm);
      }
    }),
    { numRuns: 150 },
  );
});

test('a customer who explores draws uniformly from all allowed arms, and from doing nothing where allowed, with any model', () => {
  fc.assert(
    fc.property(
      anyPool,
      fc.option(anyRewards),
      fc.constantFrom(...AUTONOMY.slice(1)),
      (pool, rewards, autonomy) => {
        const choice = createChooser(rewards && modelOf(rewards))(
          under(pool, autonomy),
          at('dec_1/0', { explore: 10_000 }),
        );
        const { arbitration: arbitrated } = choice;
        if (!arbitrated) return;
        const { arms, distribution, policy, propensity } = arbitrated;
        expect([policy, propensity]).toEqual(['random', 1 / arms.length]);
        expect(new Set(distribution)).toEqual(new Set([1 / arms.length]));
        expect(arms.includes(NOTHING)).toBe(autonomy === 'ai_auto');
      },
    ),
    { numRuns: 100 },
  );
});

test('over 1,500 seeds each arm is drawn within four standard deviations of its logged propensity', () => {
  const drawn = (pool: Candidate[], model: Parameters<typeof createChooser>[0], explore: number) => {
    const seen = new Map<string, { expected: number; variance: number; count: number }>();
    for (let n = 0; n < 1_500; n++) {
      const { arbitration: arbitrated } = createChooser(model)(pool, at(`dec_${n}/0`, { explore })) as {
        arbitration: ArbitrationRecord;
      };
      for (const [i, arm] of arbitrated.arms.entries()) {
        const one = seen.get(arm) ?? { expected: 0, variance: 0, count: 0 };
        const p = arbitrated.distribution[i] as number;
        seen.set(arm, {
          expected: one.expected + p,
          variance: one.variance + p * (1 - p),
          count: one.count + (arbitrated.chosen === arm ? 1 : 0),
        });
      }
    }
    return seen;
  };
  const [pool] = fc.sample(
    anyPool.filter((p) => createChooser(null)(p, at()).arbitration?.arms.length === 4),
    { numRuns: 1, seed: 7 },
  );
  const [rewards] = fc.sample(anyRewards, { numRuns: 1, seed: 7 });
  for (const explore of [0, 10_000]) {
    const seen = drawn(pool ?? [], modelOf(rewards ?? {}), explore);
    expect(seen.size).toBe(4);
    for (const [arm, { expected, variance, count }] of seen)
      expect([explore, arm, Math.abs(count - expected) < 4 * Math.sqrt(variance) + 1]).toEqual([
        explore,
        arm,
        true,
      ]);
  }
});

test('D-13, I3: while a ticket is open no marketing is chosen with any model, autonomy or exploration', () => {
  fc.assert(
    fc.property(anyPool, anyRewards, anyAutonomy, fc.boolean(), (pool, rewards, autonomy, exploring) => {
      const decision = at('dec_1/0', { explore: exploring ? 10_000 : 0 });
      const silenced = {
        ...decision,
        ...silencing,
        facts: { ...decision.facts, tickets: silencing.openTickets },
      };
      const choice = createChooser(modelOf(rewards))(under(pool, autonomy), silenced);
      expect(choice.chosen.filter((c) => c.action.class === 'marketing')).toEqual([]);
      expect(choice.arbitration).toBeNull();
      for (const judged of choice.judgedCandidates.filter((j) => j.class === 'marketing'))
        expect([judged.verdict, judged.propensity]).toEqual(['blocked', 0]);
    }),
    { numRuns: 100 },
  );
});
