import { DAY } from '../../domain/time/time.ts';
import { pow } from '../../maths/elementary.ts';
import type { TouchPath } from './touch-paths.ts';

/** How much of a path's credit each of its touches gets, in the order of the touches; at least one is above zero. */
export type PathModel = (path: TouchPath) => number[];

/** The share of the first and of the last touch under `position`; those between divide the rest. */
const END = 0.4;
const HALF_LIFE = 7 * DAY;

/** Models that look at one path at a time. */
export const PATH_MODELS = {
  /** All to the last touch. */
  last: ({ touches }) => touches.map((_, i) => (i === touches.length - 1 ? 1 : 0)),
  /** All to the first touch. */
  first: ({ touches }) => touches.map((_, i) => (i === 0 ? 1 : 0)),
  /** Alike to every touch. */
  linear: ({ touches }) => touches.map(() => 1),
  /** 40 % to the first, 40 % to the last, 20 % to those between; of two touches, half to each. */
  position: ({ touches }) => touches.map((_, i) => positionWeight(i, touches.length)),
  /** Half as much for every seven days before the last touch. */
  time_decay: ({ touches }) => {
    const last = Math.max(...touches.map((touch) => touch.at));
    return touches.map((touch) => pow(2, (touch.at - last) / HALF_LIFE));
  },
  /**
   * Shapley value over touchpoints, where a set of touchpoints is worth the conversions of all paths that need no
   * others. That is exactly: alike to every distinct touchpoint of the path.
   */
  shapley: ({ touches }) => {
    const counts = new Map<string, number>();
    for (const { touchpoint } of touches) counts.set(touchpoint, (counts.get(touchpoint) ?? 0) + 1);
    return touches.map(({ touchpoint }) => 1 / (counts.get(touchpoint) as number));
  },
} satisfies Record<string, PathModel>;

function positionWeight(i: number, n: number): number {
  if (n <= 2) return 1;
  return i === 0 || i === n - 1 ? END : (1 - 2 * END) / (n - 2);
}
