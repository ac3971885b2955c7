import { DAY } from '../../domain/time/time.ts';
import { pow } from '../../maths/elementary.ts';
import type { TouchPath } from './touch-paths.ts';

/** The weight of each touch of a path, in the order of the touches; at least one weight is above zero. */
export type PathModel = (touches: TouchPath['touches']) => number[];

/** Share of the first and of the last touch under `position`; the touches between them share the rest. */
const END_SHARE = 0.4;
const HALF_LIFE = 7 * DAY;

/** Models that divide each path by itself. */
export const PATH_MODELS = {
  /** All credit to the last touch. */
  last: (touches) => touches.map((_, i) => (i === touches.length - 1 ? 1 : 0)),
  /** All credit to the first touch. */
  first: (touches) => touches.map((_, i) => (i === 0 ? 1 : 0)),
  /** Equal credit to every touch. */
  linear: (touches) => touches.map(() => 1),
  /** 40 % to the first, 40 % to the last, 20 % to those between; of two touches, half to each. */
  position: (touches) => touches.map((_, i) => positionWeight(i, touches.length)),
  /** Half the credit for every seven days before the last touch. */
  time_decay: (touches) => {
    const last = Math.max(...touches.map((touch) => touch.at));
    return touches.map((touch) => pow(2, (touch.at - last) / HALF_LIFE));
  },
  /**
   * The Shapley value over touchpoints (Shapley, 1953), where the value of a set of touchpoints is the conversions of all
   * paths that need no others. It reduces to equal credit for every distinct touchpoint of a path.
   */
  shapley: (touches) => {
    const counts = new Map<string, number>();
    for (const { touchpoint } of touches) counts.set(touchpoint, (counts.get(touchpoint) ?? 0) + 1);
    return touches.map(({ touchpoint }) => 1 / (counts.get(touchpoint) as number));
  },
} satisfies Record<string, PathModel>;

/** Their names, in the order of their sums (`path-sums.ts`). */
export const PATH_MODEL_NAMES = Object.keys(PATH_MODELS) as (keyof typeof PATH_MODELS)[];

function positionWeight(i: number, n: number): number {
  if (n <= 2) return 1;
  return i === 0 || i === n - 1 ? END_SHARE : (1 - 2 * END_SHARE) / (n - 2);
}
