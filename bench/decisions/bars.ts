import { createStream } from '../../src/maths/stream.ts';
import { computeLift, DEFAULT_SETUP, type LearnerSetup, type PlayResult, playRounds } from './play.ts';
import { createWorld, ROUNDS } from './problem.ts';

interface Bar {
  what: string;
  goal: { at: 'least' | 'most'; value: number } | null;
  values: number[];
}

const HALF = ROUNDS / 2;

/**
 * Goals: the lift that Vowpal Wabbit's --squarecb captured over three worlds, less a tolerance. Its values per world are
 * not available, so ours cannot be paired with them.
 */
const SQUARECB = { still: 0.875 - 0.03, shift: 0.684 - 0.02 };

/** Plays the problems over `seeds` worlds, and compares the captured lift with the goals. */
export function measureBars(seeds: number): string {
  const over = (kind: 'still' | 'shift', changes: Partial<LearnerSetup> = {}) =>
    Array.from({ length: seeds }, (_, seed) =>
      playRounds(createWorld(seed, kind), { ...DEFAULT_SETUP, ...changes }, `seed ${seed}`),
    );
  const still = over('still');
  const shift = over('shift');
  const delayed = over('still', { window: 1_000 });
  const blind = over('still', { blind: true });
  const square = over('still', { settings: { policy: 'square_cb' } });
  const results: Bar[] = [
    bar('still', still, (p) => computeLift(p), 'least', Math.max(0.85, SQUARECB.still)),
    bar('still, last quarter', still, (p) => computeLift(p, 0.75 * ROUNDS)),
    bar('shift', shift, (p) => computeLift(p), 'least', Math.max(0.66, SQUARECB.shift)),
    bar('shift, last quarter', shift, (p) => computeLift(p, 0.75 * ROUNDS), 'least', 0.75),
    bar('E-8: back within two half-lives, share of the lift before', shift, computeRecovery, 'least', 0.8),
    bar('delayed rewards', delayed, (p) => computeLift(p), 'least', 0.79),
    bar('control without features', blind, (p) => computeLift(p), 'most', 0.55),
    bar('SquareCB, still', square, (p) => computeLift(p)),
    {
      what: 'ours less SquareCB, still, world by world',
      goal: null,
      values: still.map((result, world) => computeLift(result) - computeLift(square[world] as PlayResult)),
    },
    bar('calibration: predicted / observed, second half', still, computeCalibration),
  ];
  return table(results, seeds);
}

/** The mean lift of the last thousand rounds before two half-lives have passed, relative to that before the shift. */
export function computeRecovery(played: PlayResult): number {
  const until = HALF + 2 * DEFAULT_SETUP.halfLife;
  return computeLift(played, until - 1_000, until) / computeLift(played, HALF - DEFAULT_SETUP.halfLife, HALF);
}

/** The mean predicted reward relative to the mean observed reward, in the second half of the rounds. */
export function computeCalibration({ predicted, rewarded }: PlayResult): number {
  const sum = (of: ArrayLike<number>) => Array.from(of).reduce((total, value) => total + value, 0);
  return sum(predicted.subarray(predicted.length / 2)) / sum(rewarded.subarray(rewarded.length / 2));
}

function bar(
  what: string,
  played: PlayResult[],
  of: (one: PlayResult) => number,
  at?: 'least' | 'most',
  value = Number.NaN,
): Bar {
  return { what, goal: at ? { at, value } : null, values: played.map(of) };
}

export const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The bootstrap interval that contains 95 % of the means of resampled seeds. */
function interval(values: number[], resamples = 2_000): [number, number] {
  const { uniform } = createStream('bootstrap');
  const drawValue = () => values[Math.floor(uniform() * values.length)] as number;
  const means = Array.from({ length: resamples }, () => mean(values.map(drawValue))).sort((a, b) => a - b);
  return [means[Math.floor(0.025 * resamples)] as number, means[Math.floor(0.975 * resamples)] as number];
}

function table(results: Bar[], seeds: number): string {
  const rows = results.map(({ what, goal, values }) => {
    const middle = mean(values);
    const [low, high] = interval(values);
    const met = goal && (goal.at === 'least' ? middle >= goal.value : middle <= goal.value);
    const aim = goal ? `${goal.at === 'least' ? '≥' : '≤'} ${goal.value}` : '';
    const verdict = goal ? (met ? 'met' : 'not met') : '';
    return `| ${what} | ${middle.toFixed(3)} | ${low.toFixed(3)} to ${high.toFixed(3)} | ${aim} | ${verdict} |`;
  });
  const head = `| lift captured, mean of ${seeds} worlds | ours | 95 % interval | goal | verdict |\n|---|--:|--:|--:|---|`;
  return [head, ...rows].join('\n');
}
