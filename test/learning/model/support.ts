import { DAY } from '../../../src/domain/time/time.ts';
import { computeDelta, type Delta, type Observation } from '../../../src/learning/model/fold-deltas.ts';
import { addArms } from '../../../src/learning/model/group-prior.ts';
import { serveSnapshot } from '../../../src/learning/model/served-model.ts';
import { createBinaryPrior, createSnapshot, type Snapshot } from '../../../src/learning/model/snapshot.ts';
import { type ArbitrationInput, DEFAULT_SETTINGS } from '../../../src/learning/policy/arbitration.ts';
import type { Contestant } from '../../../src/learning/policy/score.ts';

export const SHAPE = 'test';
export const SIZE = 3;

export function snapshot(arms: string[], changes: { halfLife?: number; floor?: number } = {}): Snapshot {
  const start = { featureSchema: SHAPE, size: SIZE, halfLife: 30 * DAY, floor: 20, at: 0, ...changes };
  return addArms(
    createSnapshot(start),
    arms.map((id) => ({ id, group: null, likelihood: { kind: 'binary' }, prior: createBinaryPrior(SIZE) })),
  );
}

export function observation(changes: Partial<Observation> = {}): Observation {
  return {
    decisionId: 'dec_1',
    arm: 'a',
    featureSchema: SHAPE,
    at: DAY,
    features: [1, 0.5, -1],
    reward: 1,
    ...changes,
  };
}

/** The delta of a valid observation. */
export function delta(from: Snapshot, changes: Partial<Observation> = {}): Delta {
  return computeDelta(observation(changes), serveSnapshot(from)) as Delta;
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
    model: serveSnapshot(snapshot(['a', 'b', 'c'])),
    features: [1, 0.5, -1],
    contestants: ['a', 'b', 'c'].map((id) => contestant(id)),
    settings: DEFAULT_SETTINGS,
    seed: 'cus_1/dec_1',
    ...changes,
  };
}
