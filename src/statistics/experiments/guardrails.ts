import { exp, log } from '../../maths/elementary.ts';
import type { EventCount } from './sample.ts';

/** The customers and events since the previous check. Each customer belongs to one block and counts once. */
export interface GuardrailBlock {
  treated: EventCount;
  control: EventCount;
}

export interface GuardrailOptions {
  /** Probability of ever pausing a harmless action, for any number of checks. */
  alpha?: number;
  /** Odds ratio that is tolerated: 1.1 allows ten percent more events than the controls have. */
  tolerance?: number;
}

/** The result of a guardrail. `pause`: treated customers have more harmful events than the controls. */
export interface GuardrailReading {
  verdict: 'pause' | 'clear' | 'no_control';
  /** Index of the block at which the guardrail was breached; a breach is final. */
  breachedAt: number | null;
  /** Always-valid p-value: it can be checked after every block. The guardrail is breached at or below alpha. */
  p: number;
  alpha: number;
  tolerance: number;
  treated: EventCount;
  control: EventCount;
  /** Rate of the treated divided by that of the controls; null if the latter is zero. */
  ratio: number | null;
}

/** The mixture of the test: odds ratios beyond the tolerance, each with the same weight. */
const ALTERNATIVES = [1.2, 1.5, 2, 3, 5, 10];

/**
 * Runs a one-sided mixture sequential probability ratio test (Robbins, 1970; Johari, Pekelis and Walsh, "Always Valid
 * Inference", 2015) of the rate of a harm (unsubscribes, complaints, tickets, refunds) against the controls.
 *
 * Within a block it conditions on the number of events. With equal rates their split between the arms is hypergeometric,
 * and otherwise Fisher's noncentral hypergeometric, whatever the rate is. So neither rare events nor a rate that changes
 * from day to day cause false alarms. A block with only one arm carries no information.
 * @throws RangeError for counts that aren't whole, or more events than customers
 */
export function evaluateGuardrail(
  blocks: readonly GuardrailBlock[],
  options: GuardrailOptions = {},
): GuardrailReading {
  const { alpha = 0.05, tolerance = 1 } = options;
  const evidence = ALTERNATIVES.map(() => 0);
  let maxEvidence = 0;
  let breachedAt: number | null = null;
  blocks.forEach((block, at) => {
    checkBlock(block);
    const tolerated = logMoment(block, log(tolerance));
    ALTERNATIVES.forEach((oddsRatio, i) => {
      const logLikelihoodRatio =
        block.treated.events * log(oddsRatio) - (logMoment(block, log(oddsRatio * tolerance)) - tolerated);
      evidence[i] = (evidence[i] as number) + logLikelihoodRatio;
    });
    maxEvidence = Math.max(maxEvidence, logSum(evidence) - log(ALTERNATIVES.length));
    if (breachedAt === null && exp(-maxEvidence) <= alpha) breachedAt = at;
  });
  const treated = sumArm(blocks, 'treated');
  const control = sumArm(blocks, 'control');
  return {
    verdict: control.customers === 0 ? 'no_control' : breachedAt === null ? 'clear' : 'pause',
    breachedAt,
    p: exp(-maxEvidence),
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

/** Evaluates several harms of one action. Alpha is divided among them (Bonferroni), so that it holds for all together. */
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

/** ln E[ψᴷ], where K is the number of events of the treated under the hypergeometric distribution, and ψ = exp(logOdds). */
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

function sumArm(blocks: readonly GuardrailBlock[], arm: 'treated' | 'control'): EventCount {
  return blocks.reduce(
    (sum, block) => ({
      customers: sum.customers + block[arm].customers,
      events: sum.events + block[arm].events,
    }),
    { customers: 0, events: 0 },
  );
}

function checkBlock(block: GuardrailBlock): void {
  for (const { customers, events } of [block.treated, block.control]) {
    if (
      !Number.isSafeInteger(customers) ||
      !Number.isSafeInteger(events) ||
      events < 0 ||
      events > customers
    ) {
      throw new RangeError(
        `a block has ${events} events of ${customers} customers: both must be whole, with at most one event per customer`,
      );
    }
  }
}
