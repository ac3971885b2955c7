import process from 'node:process';
import { addArms } from '../../src/learning/model/group-prior.ts';
import { serveSnapshot } from '../../src/learning/model/served-model.ts';
import { createBinaryPrior, createSnapshot } from '../../src/learning/model/snapshot.ts';
import { arbitrate } from '../../src/learning/policy/arbitrate.ts';
import { DEFAULT_SETTINGS } from '../../src/learning/policy/arbitration.ts';
import { createStream } from '../../src/maths/stream.ts';
import { median, percentile } from '../stats.ts';
import { createContestant } from './play.ts';

/** The quietest of these rounds counts, because other programs can only add time. */
const ROUNDS = 8;
const DECISIONS = 1_000;
const PER_SECOND = 5_000;

/** Microseconds of this process's CPU for one call. */
interface Timing {
  /** Median and 99th percentile of the quietest round. */
  p50: number;
  p99: number;
  /** The 99th percentile with each decision at its quickest try, so without interrupts and garbage collection. */
  undisturbed: number;
}

interface Measured {
  arms: number;
  features: number;
  whole: Timing;
  /** The quadratic forms that any such decision needs, in a bare loop. */
  floor: Timing;
}

/** Actions, features and the goal for the 99th percentile. */
const SIZES: [arms: number, features: number, goal: number | null][] = [
  [10, 16, 50],
  [50, 32, 200],
  [25, 32, null],
  [50, 16, null],
];

/** Measures the CPU time of a decision, and how it grows. */
export function measureSpeed(): string {
  const all = SIZES.map(([arms, features]) => measure(arms, features));
  const rows = all.map(({ arms, features, whole, floor }, n) => {
    const goal = SIZES[n]?.[2] ?? null;
    const verdict = goal === null ? '' : whole.p99 <= goal ? 'met' : 'not met';
    const perSecond = Math.floor(1e6 / whole.p50);
    const ratio = (whole.p50 / floor.p50).toFixed(1);
    return row([
      `${arms} actions × ${features} features`,
      whole.p50.toFixed(0),
      whole.p99.toFixed(0),
      whole.undisturbed.toFixed(0),
      goal === null ? '' : `≤ ${goal}`,
      verdict,
      `${floor.p50.toFixed(1)} / ${floor.p99.toFixed(1)}`,
      ratio,
      `${perSecond.toLocaleString('en')} (${perSecond >= PER_SECOND ? 'met' : 'not met'})`,
    ]);
  });
  return `${HEAD}\n${rows.join('\n')}\n\n${growth(all)}`;
}

const HEAD = `| CPU of a decision, quietest of ${ROUNDS} rounds of ${DECISIONS} | p50 µs | p99 µs | p99 undisturbed µs | goal | verdict | floor p50 / p99 µs | p50 / floor | decisions/s a core, goal ${PER_SECOND} |
|---|--:|--:|--:|--:|---|--:|--:|--:|`;

function growth(all: Measured[]): string {
  const p50 = (arms: number, features: number) =>
    all.find((timing) => timing.arms === arms && timing.features === features)?.whole.p50 ?? Number.NaN;
  const line = (what: string, ratio: number, most: number) =>
    row([what, ratio.toFixed(2), `≤ ${most}`, ratio <= most ? 'met' : 'not met']);
  return [
    '| growth of the CPU, p50 | times | goal | verdict |\n|---|--:|--:|---|',
    line('twice the actions (25 to 50, 32 features)', p50(50, 32) / p50(25, 32), 2),
    line('twice the features (16 to 32, 50 actions)', p50(50, 32) / p50(50, 16), 4),
  ].join('\n');
}

function row(cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function measure(arms: number, features: number): Measured {
  const ids = Array.from({ length: arms }, (_, i) => `arm-${i}`);
  const empty = createSnapshot({ featureSchema: 's', size: features, halfLife: 1e9, floor: 20, at: 0 });
  const start = { group: null, likelihood: { kind: 'binary' as const }, prior: createBinaryPrior(features) };
  const model = serveSnapshot(
    addArms(
      empty,
      [...ids, '∅:none'].map((id) => ({ id, ...start })),
    ),
  );
  const contestants = ids.map(createContestant);
  const { normal } = createStream('speed');
  const customers = Array.from({ length: 64 }, () =>
    Array.from({ length: features }, (_, i) => (i === 0 ? 1 : Math.max(-3, Math.min(3, normal())))),
  );
  const numbers = Float64Array.from({ length: (features * (features + 1)) / 2 }, normal);
  const of = (n: number) => customers[n % customers.length] as number[];
  return {
    arms,
    features,
    whole: timed((n) =>
      arbitrate({
        model,
        features: of(n),
        contestants,
        settings: DEFAULT_SETTINGS,
        seed: `ws_1/cus_${n}/dec_${n}`,
      }),
    ),
    floor: timed((n) => squares(arms, numbers, of(n))),
  };
}

function timed(run: (n: number) => unknown): Timing {
  const quickest = new Array<number>(DECISIONS).fill(Infinity);
  const rounds = Array.from({ length: ROUNDS }, (): Pick<Timing, 'p50' | 'p99'> => {
    const times: number[] = [];
    let kept: unknown = null;
    for (let n = 0; n < DECISIONS; n++) {
      const before = process.cpuUsage();
      kept = run(n);
      const { user, system } = process.cpuUsage(before);
      times.push(user + system);
      quickest[n] = Math.min(quickest[n] as number, user + system);
    }
    // The result is used, because the engine may otherwise skip the computation.
    if (kept === undefined) throw new Error('nothing was measured');
    return { p50: Math.max(0.5, median(times)), p99: percentile(times, 0.99) };
  });
  const least = (of: (round: Pick<Timing, 'p50' | 'p99'>) => number) => Math.min(...rounds.map(of));
  return {
    p50: least((round) => round.p50),
    p99: least((round) => round.p99),
    undisturbed: percentile(quickest, 0.99),
  };
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
