import { digest } from '../maths/digest.ts';
import type { Block } from '../maths/philox.ts';
import { type Belief, beliefBefore, beliefOf, expectationOf } from './predict.ts';
import type { Served } from './serve.ts';

/** What is believed of an arm for one customer, ready to be imagined (thompson.ts). */
export interface Imagined {
  /** Digest of its id: equal tags have equal luck. */
  tag: Block;
  belief: Belief;
  /** Whether its reward is a probability rather than an amount. */
  binary: boolean;
  expected: number;
  evidence: number;
  /** Whether the model knows it. */
  known: boolean;
}

/** The belief about an arm; about one that the model doesn't know, as about `like` before it saw anything. */
export type Believe = (id: string, like: string) => Imagined;

/** Asks each arm once. An arm and its baseline begin like each other, so that their rewards are of one kind. */
export function believer(model: Served, x: ArrayLike<number>): Believe {
  const asked = new Map<string, Imagined>();
  return (id, like) => {
    const before = asked.get(id);
    if (before) return before;
    const its = imagined(model, x, id, like);
    asked.set(id, its);
    return its;
  };
}

function imagined(model: Served, x: ArrayLike<number>, id: string, like: string): Imagined {
  const arm = model.arms.get(id);
  const kin = arm ?? model.arms.get(like) ?? model.start;
  const belief = arm ? beliefOf(arm, x) : beliefBefore(kin.prior, x);
  return {
    tag: arm ? arm.tag : digest(new Uint32Array(4), id),
    belief,
    binary: kin.likelihood.kind === 'binary',
    expected: expectationOf(kin, belief),
    evidence: arm ? arm.evidence : 0,
    known: arm !== undefined,
  };
}
