import { type ArbitrationInput, SETTINGS } from '../../../src/decisioning/learning/arbitrate.ts';
import { type Delta, increment, type Observation } from '../../../src/decisioning/learning/fold.ts';
import { withArms } from '../../../src/decisioning/learning/hierarchy.ts';
import { binaryPrior, emptySnapshot, type Snapshot } from '../../../src/decisioning/learning/model.ts';
import type { Contestant } from '../../../src/decisioning/learning/score.ts';
import { serve } from '../../../src/decisioning/learning/serve.ts';
import { DAY } from '../../../src/domain/time.ts';

export const SHAPE = 'test';
export const SIZE = 3;

export function snapshot(arms: string[], changes: { halfLife?: number; floor?: number } = {}): Snapshot {
  const start = { shape: SHAPE, size: SIZE, halfLife: 30 * DAY, floor: 20, at: 0, ...changes };
  return withArms(
    emptySnapshot(start),
    arms.map((id) => ({ id, group: null, likelihood: { kind: 'binary' }, prior: binaryPrior(SIZE) })),
  );
}

export function observation(changes: Partial<Observation> = {}): Observation {
  return { decisionId: 'dec_1', arm: 'a', shape: SHAPE, at: DAY, x: [1, 0.5, -1], reward: 1, ...changes };
}

/** The increment of an observation that nothing is wrong with. */
export function delta(from: Snapshot, changes: Partial<Observation> = {}): Delta {
  return increment(observation(changes), serve(from)) as Delta;
}

export function contestant(id: string, changes: Partial<Contestant> = {}): Contestant {
  return {
    id,
    baseline: '∅:none',
    value: 1,
    cost: 0,
    context: 1,
    lever: 1,
    fatigue: 0,
    priority: 0,
    order: 0,
    ...changes,
  };
}

export function input(changes: Partial<ArbitrationInput> = {}): ArbitrationInput {
  return {
    model: serve(snapshot(['a', 'b', 'c'])),
    x: [1, 0.5, -1],
    contestants: ['a', 'b', 'c'].map((id) => contestant(id)),
    settings: SETTINGS,
    seed: 'cus_1/dec_1',
    ...changes,
  };
}
