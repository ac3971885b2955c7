import { createHash } from 'node:crypto';
import { DAY } from '../../../src/domain/time/time.ts';
import { foldDeltas } from '../../../src/learning/model/fold-deltas.ts';
import { addArms } from '../../../src/learning/model/group-prior.ts';
import { serveSnapshot } from '../../../src/learning/model/served-model.ts';
import { createBinaryPrior, createFlatPrior } from '../../../src/learning/model/snapshot.ts';
import { arbitrate } from '../../../src/learning/policy/arbitrate.ts';
import { DEFAULT_SETTINGS } from '../../../src/learning/policy/arbitration.ts';
import { createStream } from '../../../src/maths/stream.ts';
import { contestant, delta, SIZE, snapshot } from '../model/support.ts';

const DECISIONS = 10_000;
const CLICKS = ['a', 'b', 'c', '∅:clicks'];
const ORDERS = ['m', '∅:orders'];
const AMOUNT = { kind: 'money' as const, variance: 400 };

/** A model of both kinds of reward, learned in forty folds that include a drift and moved landmarks. */
function model() {
  let current = addArms(snapshot(CLICKS, { halfLife: DAY / 2 }), [
    ...ORDERS.map((id) => ({ id, group: null, likelihood: AMOUNT, prior: createFlatPrior(SIZE, 10, 100) })),
    { id: 'd', group: null, likelihood: { kind: 'binary' }, prior: createBinaryPrior(SIZE, 0.1, 0.3) },
  ]);
  const from = createStream('lessons');
  for (let day = 1; day <= 40; day++) {
    const deltas = [...CLICKS, ...ORDERS].flatMap((arm, a) =>
      [0, 1, 2].map((n) => {
        const x = [1, Math.max(-3, Math.min(3, from.normal())), 2 * from.uniform() - 1];
        const luck = from.uniform() < (day < 30 ? 0.1 * (a + 1) : 0.7 - 0.1 * a);
        const reward = ORDERS.includes(arm) ? (luck ? 30 * from.uniform() : 0) : luck ? 1 : 0;
        return delta(current, { arm, decisionId: `${day} ${arm} ${n}`, at: day * DAY, features: x, reward });
      }),
    );
    current = foldDeltas(current, deltas, day * DAY).snapshot;
  }
  return serveSnapshot(current);
}

/** Hash over the choices, distributions and scores of ten thousand decisions. */
export function goldenHash(): string {
  const served = model();
  const hash = createHash('sha256').update(served.hash);
  const from = createStream('golden');
  for (let n = 0; n < DECISIONS; n++) {
    const x = [1, Math.max(-3, Math.min(3, from.normal())), 2 * from.uniform() - 1];
    const contestants = ['a', 'b', 'c', 'd', 'new'].map((id) =>
      contestant(id, {
        baseline: '∅:clicks',
        value: 100 * from.uniform(),
        cost: from.uniform(),
        fatigue: from.uniform(),
      }),
    );
    const policy = n % 4 === 0 ? ('square_cb' as const) : null;
    const { chosen, distribution, scores } = arbitrate({
      model: served,
      features: x,
      contestants: [...contestants, contestant('m', { baseline: '∅:orders', cost: 2 * from.uniform() })],
      seed: `decision ${n}`,
      settings: { ...DEFAULT_SETTINGS, policy },
    });
    hash.update(JSON.stringify([chosen, distribution, scores]));
  }
  return hash.digest('hex');
}
