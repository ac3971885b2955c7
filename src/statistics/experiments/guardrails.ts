import { exp, log } from '../../maths/elementary.ts';
import type { EventCount } from './sample.ts';

/** What was seen since the look before. Each customer belongs to one block, and counts once. */
export interface GuardrailBlock {
  treated: EventCount;
  control: EventCount;
}

export interface GuardrailOptions {
  /** Chance of ever pausing what does no harm, however often one looks. */
  alpha?: number;
  /** Odds ratio that is put up with: 1.1 bears a tenth more complaints than the controls make. */
  tolerance?: number;
}

/** What a guardrail says, with its numbers. `pause`: customers who get it fare worse than those who don't. */
export interface GuardrailReading {
  verdict: 'pause' | 'clear' | 'no_control';
  /** The block at which it was breached; a breach isn't taken back. */
  breachedAt: number | null;
  /** Always valid: it may be looked at after every block. Breached at or below alpha. */
  p: number;
  alpha: number;
  tolerance: number;
  treated: EventCount;
  control: EventCount;
  /** Rate of the treated over the controls'; null where the controls' is zero. */
  ratio: number | null;
}

/** Odds ratios beyond the tolerance that the test looks for, each with the same weight. */
const HARMS = [1.2, 1.5, 2, 3, 5, 10];

/**
 * One-sided mixture sequential probability ratio test of a harm's rate (unsubscribes, complaints, tickets, refunds)
 * against the controls'. Within a block it asks how the block's events are spread over the arms, given how many there
 * were: under equal rates that is hypergeometric whatever the rate is, so neither rare events nor a rate that moves
 * from day to day raise false alarms. A block with one arm only says nothing.
 * @throws RangeError for counts that aren't whole, or more events than customers
 */
export function evaluateGuardrail(
  blocks: readonly GuardrailBlock[],
  options: GuardrailOptions = {},
): GuardrailReading {
  const { alpha = 0.05, tolerance = 1 } = options;
  const evidence = HARMS.map(() => 0);
  let most = 0;
  let breachedAt: number | null = null;
  blocks.forEach((block, at) => {
    check(block);
    const unharmed = logMoment(block, log(tolerance));
    HARMS.forEach((harm, i) => {
      const likelier =
        block.treated.events * log(harm) - (logMoment(block, log(harm * tolerance)) - unharmed);
      evidence[i] = (evidence[i] as number) + likelier;
    });
    most = Math.max(most, logSum(evidence) - log(HARMS.length));
    if (breachedAt === null && exp(-most) <= alpha) breachedAt = at;
  });
  const treated = totalOf(blocks, 'treated');
  const control = totalOf(blocks, 'control');
  return {
    verdict: control.customers === 0 ? 'no_control' : breachedAt === null ? 'clear' : 'pause',
    breachedAt,
    p: exp(-most),
    alpha,
    tolerance,
    treated,
    control,
    ratio:
      control.events > 0 && treated.customers > 0
        ? treated.events / treated.customers / (control.events / control.customers)
        : null,
  };
}

/** Watches several harms of one action. Alpha is divided among them, so that it holds for all together. */
export function evaluateGuardrails(
  harms: readonly { harm: string; blocks: readonly GuardrailBlock[] }[],
  options: GuardrailOptions = {},
): { verdict: 'pause' | 'clear' | 'no_control'; readings: ({ harm: string } & GuardrailReading)[] } {
  const alpha = (options.alpha ?? 0.05) / Math.max(1, harms.length);
  const readings = harms.map(({ harm, blocks }) => ({
    harm,
    ...evaluateGuardrail(blocks, { ...options, alpha }),
  }));
  if (readings.some((reading) => reading.verdict === 'pause')) return { verdict: 'pause', readings };
  const watched = readings.some((reading) => reading.verdict === 'clear');
  return { verdict: watched ? 'clear' : 'no_control', readings };
}

/** ln E[ψᴷ], K the treated's events when the block's events fall alike on all its customers; ψ by its logarithm. */
function logMoment({ treated, control }: GuardrailBlock, logOdds: number): number {
  const events = treated.events + control.events;
  const from = Math.max(0, events - control.customers);
  const to = Math.min(events, treated.customers);
  const plain: number[] = [0];
  for (let k = from; k < to; k++) {
    const step = ((treated.customers - k) * (events - k)) / ((k + 1) * (control.customers - events + k + 1));
    plain.push((plain.at(-1) as number) + log(step));
  }
  return logSum(plain.map((weight, i) => weight + (from + i) * logOdds)) - logSum(plain);
}

/** ln Σ eˣ, without overflow. */
function logSum(logs: readonly number[]): number {
  const largest = logs.reduce((a, b) => Math.max(a, b));
  return largest + log(logs.reduce((sum, x) => sum + exp(x - largest), 0));
}

function totalOf(blocks: readonly GuardrailBlock[], arm: 'treated' | 'control'): EventCount {
  return blocks.reduce(
    (sum, block) => ({
      customers: sum.customers + block[arm].customers,
      events: sum.events + block[arm].events,
    }),
    { customers: 0, events: 0 },
  );
}

function check(block: GuardrailBlock): void {
  for (const { customers, events } of [block.treated, block.control]) {
    if (
      !Number.isSafeInteger(customers) ||
      !Number.isSafeInteger(events) ||
      events < 0 ||
      events > customers
    ) {
      throw new RangeError(
        `a block has ${events} events of ${customers} customers: both are whole, and each customer counts once`,
      );
    }
  }
}
