import fc from 'fast-check';
import type { Candidate } from '../../../src/domain/candidate.ts';
import { type ActionDef, AUTONOMY, type Autonomy, type Bundle } from '../../../src/domain/definition.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { getFeatureSchema } from '../../../src/engine/arbitration/customer-features.ts';
import { type Delta, foldDeltas } from '../../../src/learning/model/fold-deltas.ts';
import { addArms } from '../../../src/learning/model/group-prior.ts';
import { baselineArmId } from '../../../src/learning/model/reward-kind.ts';
import { type ServedModel, serveSnapshot } from '../../../src/learning/model/served-model.ts';
import {
  createBinaryPrior,
  createFlatPrior,
  createSnapshot,
  type Likelihood,
  type Snapshot,
  sealSnapshot,
} from '../../../src/learning/model/snapshot.ts';
import { action, bundle, candidate, NOW, workspace } from '../support.ts';

export const REWARD = {
  on: 'Order Completed',
  when: null,
  match: 'customer',
  within: 7 * DAY,
  amount: null,
} as const;
const CLICK = { ...REWARD, on: 'Link Clicked' };
const AMOUNT = { ...REWARD, amount: 'event.properties.total' };

/** A shop whose customers are in one of two stages, and where contacts by mail, push, inbox or text are possible. */
export function shop(changes: Parameters<typeof workspace>[0] = {}): Bundle {
  const stages = ['new', 'known'].map((id) => ({ id, owner: 'crm', when: null }));
  return bundle({ workspace: workspace({ stages, autonomy: 'ai_auto', ...changes }) });
}

export interface Learned {
  /** Of the arm's constant: what it is worth beyond the prior. */
  rewards: Record<string, number[]>;
  version?: number;
}

/** A model of a bundle's features that has seen these rewards, all of one customer who has nothing special. */
export function learned(of: Bundle, what: Learned, money: string[] = []): ServedModel {
  return serveSnapshot(snapshotOf(of, what, money));
}

/** The same, as it is stored. */
export function snapshotOf(of: Bundle, { rewards, version = 1 }: Learned, money: string[] = []): Snapshot {
  const { fingerprint, size } = getFeatureSchema(of);
  const empty = createSnapshot({
    featureSchema: fingerprint,
    size,
    halfLife: 30 * DAY,
    floor: 20,
    at: NOW - 2 * DAY,
  });
  const starts = Object.keys(rewards).map((id) => {
    const likelihood: Likelihood = money.includes(id) ? { kind: 'money', variance: 1e6 } : { kind: 'binary' };
    const prior = money.includes(id) ? createFlatPrior(size, 500, 1e6) : createBinaryPrior(size);
    return { id, group: null, likelihood, prior };
  });
  const x = Array.from({ length: size }, (_, i) => (i === 0 ? 1 : 0));
  const deltas = Object.entries(rewards).flatMap(([arm, seen]) =>
    seen.map((reward, n): Delta => {
      const about = {
        decisionId: `${arm} ${n}`,
        arm,
        featureSchema: fingerprint,
        at: NOW - DAY,
        features: x,
      };
      return money.includes(arm)
        ? { ...about, h: 1e-6, c: reward * 1e-6 }
        : { ...about, h: 0.05, c: reward > 0 ? 0.8 : -0.15 };
    }),
  );
  const { snapshot, refusals } = foldDeltas(addArms(empty, starts), deltas, NOW);
  if (refusals.length > 0) throw new Error(JSON.stringify(refusals));
  const { hash: _, ...content } = snapshot;
  return sealSnapshot({ ...content, version });
}

export function of(enrollment: string, definition: ActionDef, changes: Partial<Candidate> = {}): Candidate[] {
  return definition.channels.map((channel) => {
    const entry = candidate(definition, { autonomy: 'ai_auto', channel, ...changes });
    return { ...entry, enrollment: { ...entry.enrollment, id: enrollment } };
  });
}

const anyAction = fc.record({
  class: fc.constantFrom<ActionDef['class']>('marketing', 'marketing', 'marketing', 'marketing', 'service'),
  priority: fc.integer({ min: 0, max: 2 }),
  lever: fc.double({ min: 0.1, max: 3, noNaN: true }),
  value: fc.constantFrom(null, '0.0', '3.0', '250.0'),
  cost: fc.constantFrom(null, '0.5', '40.0'),
  reward: fc.constantFrom<ActionDef['reward']>(null, REWARD, CLICK, AMOUNT),
  boost: fc.constantFrom<ActionDef['boost']>(
    [],
    [{ when: 'now > 0', weight: 3 }],
    [{ when: 'broken(', weight: 9 }],
  ),
  // `sms` has no address, and is blocked.
  channels: fc.constantFrom<string[]>(['email'], ['email', 'inbox'], ['sms', 'inbox'], ['sms']),
  limit: fc.constantFrom<ActionDef['limit']>([], [], [], [{ max: 0, every: DAY, per: 'customer' }]),
});

/** What several enrollments offer, some of it the same, some of it blocked. */
export const anyPool = fc
  .array(
    fc.record({
      definition: anyAction,
      id: fc.integer({ min: 0, max: 4 }),
      enrollment: fc.integer({ min: 0, max: 2 }),
      deliver: fc.constantFrom<Candidate['deliver']>('one', 'one', 'all'),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((offers) =>
    offers
      // Equal ids are one action.
      .map((offer) => ({
        ...offer,
        definition: offers.find(({ id }) => id === offer.id)?.definition ?? offer.definition,
      }))
      .filter(
        (offer, n, all) => all.findIndex((o) => o.id === offer.id && o.enrollment === offer.enrollment) === n,
      )
      .flatMap(({ definition, id, enrollment, deliver }, order) =>
        of(`enr_${enrollment}`, action({ id: `a${id}`, ...definition }), { order, deliver }),
      ),
  );

export const anyAutonomy = fc.constantFrom<Autonomy>(...AUTONOMY);

export function under(pool: Candidate[], autonomy: Autonomy): Candidate[] {
  return pool.map((one) => ({ ...one, autonomy }));
}

/** Rewards of some arms, and of doing nothing: {@link learned} makes a model of them. */
export const anyRewards = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom('email', 'inbox'),
      fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 40 }),
    ),
  )
  .map((arms) => ({
    [baselineArmId(REWARD)]: [0, 0, 1],
    ...Object.fromEntries(arms.map(([id, channel, rewards]) => [`a${id}/${channel}`, rewards])),
  }));

export function modelOf(rewards: Record<string, number[]>): ServedModel {
  return learned(shop(), { rewards });
}
