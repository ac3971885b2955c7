import type { JudgedCandidate } from '../../../src/domain/candidate.ts';
import { type CompareOptions, compareRates } from '../../../src/statistics/experiments/compare.ts';
import {
  buildHeadline,
  type ExperimentMember,
  type Headline,
  splitArms,
} from '../../../src/statistics/experiments/headline.ts';
import { countEvents } from '../../../src/statistics/experiments/sample.ts';

/** A candidate as some decision judged it, and the stage of the journey that proposed it. */
export interface JudgedRow extends Pick<JudgedCandidate, 'action' | 'verdict' | 'gates'> {
  stage: string | null;
}

/** How an enrollment ended; controls too. */
export interface EndRow extends ExperimentMember {
  stage: string | null;
  reason: string;
  goal: boolean;
}

/** What became of candidates. */
interface Fates {
  judged: number;
  chosen: number;
  /** Passed every gate and lost to another. */
  outranked: number;
  /** Passed every gate, and doing nothing was better. */
  allowed: number;
  blocked: number;
}

export interface DropOff {
  /** The most blocking first. */
  rules: {
    gate: string;
    code: string;
    /** Null where the verdict names none. */
    rule: string | null;
    /** Candidates that it blocked. */
    blocked: number;
    /** Of those, what nothing else blocked: what would have passed without it. */
    alone: number;
    /** Of all candidates. */
    share: number;
  }[];
  actions: ({ action: string } & Fates)[];
  /** Candidates, and how the treated enrollments ended; whether that is good only `goal` says, against the controls. */
  stages: ({
    stage: string | null;
    ended: number;
    reasons: { reason: string; ended: number }[];
    goal: Headline;
  } & Fates)[];
}

/**
 * C-11: where it works and where not: what each rule took away, what became of each action, and how each stage ended.
 * @param controlShare of 10,000
 */
export function countDropOff(
  judged: readonly JudgedRow[],
  ends: readonly EndRow[],
  controlShare: number,
  options?: CompareOptions,
): DropOff {
  const stages = [...new Set([...judged, ...ends].map((row) => row.stage))].sort(byName);
  return {
    rules: rulesOf(judged),
    actions: [...new Set(judged.map((row) => row.action))]
      .sort()
      .map((action) => ({ action, ...fatesOf(judged.filter((row) => row.action === action)) })),
    stages: stages.map((stage) => {
      const arms = splitArms(
        ends.filter((row) => row.stage === stage),
        controlShare,
      );
      return {
        stage,
        ...fatesOf(judged.filter((row) => row.stage === stage)),
        ended: arms.treated.length,
        reasons: reasonsOf(arms.treated),
        goal: buildHeadline(arms.sampleRatio, () =>
          compareRates(
            countEvents(arms.treated.map((row) => row.goal)),
            countEvents(arms.control.map((row) => row.goal)),
            options,
          ),
        ),
      };
    }),
  };
}

/** Of several actions, what stands at one place with each is one rule. */
function rulesOf(judged: readonly JudgedRow[]): DropOff['rules'] {
  const rules = new Map<string, Omit<DropOff['rules'][number], 'share'>>();
  for (const row of judged.filter((one) => one.verdict === 'blocked')) {
    const blocking = new Map(
      row.gates
        .filter((verdict) => !verdict.pass)
        .map(({ gate, code = 'blocked', rule = null }) => [
          keyOf({ gate, code, rule }),
          { gate, code, rule },
        ]),
    );
    for (const [key, named] of blocking) {
      const known = rules.get(key) ?? { ...named, blocked: 0, alone: 0 };
      rules.set(key, {
        ...known,
        blocked: known.blocked + 1,
        alone: known.alone + (blocking.size === 1 ? 1 : 0),
      });
    }
  }
  return [...rules.values()]
    .map((rule) => ({ ...rule, share: rule.blocked / judged.length }))
    .sort((a, b) => b.blocked - a.blocked || byName(keyOf(a), keyOf(b)));
}

function keyOf({ gate, code, rule }: Pick<DropOff['rules'][number], 'gate' | 'code' | 'rule'>): string {
  return JSON.stringify([gate, code, rule]);
}

function fatesOf(judged: readonly JudgedRow[]): Fates {
  const count = (verdict: JudgedRow['verdict']) => judged.filter((row) => row.verdict === verdict).length;
  return {
    judged: judged.length,
    chosen: count('chosen'),
    outranked: count('outranked'),
    allowed: count('allowed'),
    blocked: count('blocked'),
  };
}

function reasonsOf(ends: readonly EndRow[]): { reason: string; ended: number }[] {
  const counts = new Map<string, number>();
  for (const { reason } of ends) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, ended]) => ({ reason, ended }))
    .sort((a, b) => b.ended - a.ended || byName(a.reason, b.reason));
}

/** By name, what has none last. */
function byName(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
