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

/** Outcomes of candidates. */
interface CandidateOutcomes {
  judged: number;
  chosen: number;
  /** Passed every gate and lost to another candidate. */
  outranked: number;
  /** Passed every gate, but doing nothing was better. */
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
    /** Of those, the candidates that no other rule blocked. */
    alone: number;
    /** Of all candidates. */
    share: number;
  }[];
  actions: ({ action: string } & CandidateOutcomes)[];
  /** Candidates and ends of treated enrollments by stage; `goal` compares with the controls. */
  stages: ({
    stage: string | null;
    ended: number;
    reasons: { reason: string; ended: number }[];
    goal: Headline;
  } & CandidateOutcomes)[];
}

/**
 * Counts drop-off (C-11) independently of the report's SQL, as its oracle: what each rule blocked, the outcome of each
 * action, and how enrollments of each stage ended.
 * @param controlShare of 10,000
 */
export function countDropOff(
  judged: readonly JudgedRow[],
  ends: readonly EndRow[],
  controlShare: number,
  options?: CompareOptions,
): DropOff {
  const stages = [...new Set([...judged, ...ends].map((row) => row.stage))].sort(compareNames);
  return {
    rules: countRules(judged),
    actions: [...new Set(judged.map((row) => row.action))]
      .sort()
      .map((action) => ({ action, ...countOutcomes(judged.filter((row) => row.action === action)) })),
    stages: stages.map((stage) => {
      const arms = splitArms(
        ends.filter((row) => row.stage === stage),
        controlShare,
      );
      return {
        stage,
        ...countOutcomes(judged.filter((row) => row.stage === stage)),
        ended: arms.treated.length,
        reasons: countReasons(arms.treated),
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

/** Verdicts of several actions with the same gate, code and rule count as one rule. */
function countRules(judged: readonly JudgedRow[]): DropOff['rules'] {
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
      const counted = rules.get(key) ?? { ...named, blocked: 0, alone: 0 };
      rules.set(key, {
        ...counted,
        blocked: counted.blocked + 1,
        alone: counted.alone + (blocking.size === 1 ? 1 : 0),
      });
    }
  }
  return [...rules.values()]
    .map((rule) => ({ ...rule, share: rule.blocked / judged.length }))
    .sort((a, b) => b.blocked - a.blocked || compareNames(keyOf(a), keyOf(b)));
}

function keyOf({ gate, code, rule }: Pick<DropOff['rules'][number], 'gate' | 'code' | 'rule'>): string {
  return JSON.stringify([gate, code, rule]);
}

function countOutcomes(judged: readonly JudgedRow[]): CandidateOutcomes {
  const count = (verdict: JudgedRow['verdict']) => judged.filter((row) => row.verdict === verdict).length;
  return {
    judged: judged.length,
    chosen: count('chosen'),
    outranked: count('outranked'),
    allowed: count('allowed'),
    blocked: count('blocked'),
  };
}

function countReasons(ends: readonly EndRow[]): { reason: string; ended: number }[] {
  const counts = new Map<string, number>();
  for (const { reason } of ends) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, ended]) => ({ reason, ended }))
    .sort((a, b) => b.ended - a.ended || compareNames(a.reason, b.reason));
}

/** Compares by name; null comes last. */
function compareNames(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
