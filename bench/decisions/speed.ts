import process from 'node:process';
import { arbitrate, SETTINGS } from '../../src/decisioning/learning/arbitrate.ts';
import { withArms } from '../../src/decisioning/learning/hierarchy.ts';
import { binaryPrior, emptySnapshot } from '../../src/decisioning/learning/model.ts';
import { serve } from '../../src/decisioning/learning/serve.ts';
import { stream } from '../../src/decisioning/maths/stream.ts';
import { median, percentile } from '../stats.ts';
import { contestant } from './play.ts';

const DECISIONS = 4_000;
const WARM = 1_000;

interface Timing {
  p50: number;
  p99: number;
  /** Microseconds of the floor: the quadratic forms that any such decision needs, in a bare loop. */
  floor: number;
}

/** Microseconds of this process's CPU for one decision, without what the machine does besides. */
export function speed(): string {
  const sizes: [arms: number, features: number, goal: number | null][] = [
    [10, 16, 50],
    [50, 32, 200],
    [25, 32, null],
    [50, 16, null],
  ];
  const rows = sizes.map(([arms, features, goal]) => {
    const { p50, p99, floor } = measure(arms, features);
    const met = goal === null ? '' : p99 <= goal ? 'met' : 'not met';
    const cells = [
      `${arms} arms × ${features} features`,
      p50.toFixed(0),
      p99.toFixed(0),
      goal === null ? '' : `≤ ${goal}`,
      met,
      floor.toFixed(1),
      (p50 / floor).toFixed(1),
      Math.floor(1e6 / p50).toLocaleString('en'),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const head =
    '| CPU of a decision | p50 µs | p99 µs | goal | verdict | floor µs | p50 / floor | decisions/s a core |\n|---|--:|--:|--:|---|--:|--:|--:|';
  return [head, ...rows].join('\n');
}

export function measure(arms: number, features: number): Timing {
  const ids = Array.from({ length: arms }, (_, i) => `arm-${i}`);
  const empty = emptySnapshot({ shape: 's', size: features, halfLife: 1e9, floor: 20, at: 0 });
  const prior = binaryPrior(features);
  const model = serve(
    withArms(
      empty,
      ids.map((id) => ({ id, group: null, likelihood: { kind: 'binary' }, prior })),
    ),
  );
  const contestants = ids.map(contestant);
  const { normal } = stream('speed');
  const x = Array.from({ length: features }, (_, i) => (i === 0 ? 1 : Math.max(-3, Math.min(3, normal()))));
  const times = timed((n) => arbitrate({ model, x, contestants, settings: SETTINGS, seed: `decision ${n}` }));
  const numbers = Float64Array.from({ length: (features * (features + 1)) / 2 }, normal);
  const floors = timed(() => squares(arms, numbers, x));
  return { p50: median(times), p99: percentile(times, 0.99), floor: Math.max(0.1, median(floors)) };
}

function timed(run: (n: number) => unknown): number[] {
  const times: number[] = [];
  let kept: unknown = null;
  for (let n = 0; n < DECISIONS; n++) {
    const before = process.cpuUsage();
    kept = run(n);
    const { user, system } = process.cpuUsage(before);
    if (n >= WARM) times.push(user + system);
  }
  // What nobody reads, an engine needn't compute.
  if (kept === undefined) throw new Error('nothing was measured');
  return times;
}

function squares(arms: number, numbers: Float64Array, x: number[]): number {
  let total = 0;
  for (let arm = 0; arm < arms; arm++) {
    let at = 0;
    for (let j = 0; j < x.length; j++) {
      let sum = arm;
      for (let i = 0; i <= j; i++) sum += (numbers[at++] as number) * (x[i] as number);
      total += sum * sum;
    }
  }
  return total;
}
