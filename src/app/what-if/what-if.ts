import {
  findRecordedDecisions,
  type RecordedDecision,
  readRecordedDecisions,
} from '../../../db/decisions/recorded-decisions.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Evaluator } from '../../domain/facts.ts';
import { checkFactCoverage } from '../../engine/replay/fact-coverage.ts';
import type { PolicyVerdict } from '../../learning/evaluation/policy-verdict.ts';
import type { ServedModel } from '../../learning/model/served-model.ts';
import { LimitError } from '../../limits/limit-error.ts';
import { runLimited } from '../../limits/limit-steps.ts';
import type { BundleReader } from '../config/active-bundle.ts';
import type { DecisionContext } from '../decide/decision-context.ts';
import { DECISION_LIMITS } from '../decide/decision-limits.ts';
import type { LearnedModels } from '../decide/learned-models.ts';
import type { RealtimeContext } from '../decide/realtime/decision-row.ts';
import type { Period } from '../reports/report-deps.ts';
import { takeTurns } from '../take-turns.ts';
import { type ReplayResult, type ReplayVersions, replayDecision } from './replay-decision.ts';
import { ChangeTally } from './tally.ts';
import { overallVerdict, type RewardValue, Valuation } from './valuation.ts';

export type WhatIfDeps = BundleReader & LearnedModels & { evaluate: Evaluator };

export interface WhatIfRequest {
  next: Bundle;
  period: Period;
  /** Maximum number of decisions; the newest are read. */
  limit: number;
  /** The smallest relevant difference in reward per decision; null: a tenth of the mean reward. */
  minimumEffect: number | null;
  /** Whether somebody still waits for the answer. Without it: always. */
  isWanted?: () => boolean;
}

export interface WhatIfResult {
  /** Decisions in the period whose inputs are stored. `read`: of those, the ones that were read. */
  total: number;
  read: number;
  tally: ChangeTally;
  leftOut: Valuation['leftOut'];
  values: RewardValue[];
  verdict: PolicyVerdict;
}

/** Decisions per page; their contexts are large. */
const PAGE = 100;

/**
 * Replays recorded decisions under other definitions. The verdicts of the gates are exact. The value of the changed
 * choices is estimated by off-policy evaluation, where the log supports an estimate. Nothing is written.
 */
export async function runWhatIf(
  deps: WhatIfDeps,
  workspace: string,
  request: WhatIfRequest,
): Promise<WhatIfResult> {
  const { sql } = deps.db;
  const { ids, all } = await findRecordedDecisions(sql, { workspace, ...request.period }, request.limit);
  const tally = new ChangeTally();
  const valuation = new Valuation();
  const versionsOf = createVersionLoader(deps, workspace, request.next);
  const giveTurn = takeTurns();
  const { isWanted = () => true } = request;
  let read = 0;
  for (let from = 0; from < ids.length && isWanted(); from += PAGE) {
    for (const row of await readRecordedDecisions(sql, workspace, ids.slice(from, from + PAGE))) {
      if (!isWanted()) break;
      read++;
      const versions = await versionsOf(row);
      const replayed = replayWithinLimits(row, versions);
      await giveTurn();
      if (!replayed.ok) {
        tally.leaveOut(replayed.reason);
        continue;
      }
      tally.add(row, replayed.pools);
      valuation.add(row, replayed.pools, versions);
    }
  }
  const values = valuation.values(request.minimumEffect, request.next.workspace.currency);
  return { total: all, read, tally, leftOut: valuation.leftOut, values, verdict: overallVerdict(values) };
}

function replayWithinLimits(row: RecordedDecision, versions: ReplayVersions): ReplayResult {
  try {
    return runLimited(versions.evaluate, DECISION_LIMITS, (evaluate) =>
      replayDecision(row, { ...versions, evaluate }),
    );
  } catch (error) {
    if (error instanceof LimitError) return { ok: false, reason: 'limit_exceeded' };
    throw error;
  }
}

/** Loads what a decision was based on: definitions, models and fits by version, each read once. */
function createVersionLoader(
  { db, bundles, models, fits, evaluate }: WhatIfDeps,
  workspace: string,
  next: Bundle,
) {
  const reaches = new Map<Bundle, ReplayVersions['reach']>();
  const reachFrom = (old: Bundle) => {
    const reach = reaches.get(old) ?? checkFactCoverage(old, next);
    reaches.set(old, reach);
    return reach;
  };
  return async (row: RecordedDecision): Promise<ReplayVersions> => {
    const { fit, inputs = [] } = row.context as DecisionContext & Partial<RealtimeContext>;
    const served = new Map<number, ServedModel | null>();
    const usedModels = row.arbitrations?.flatMap(({ modelVersion }) => modelVersion ?? []) ?? [];
    for (const version of new Set([...usedModels, ...(row.newestModel === null ? [] : [row.newestModel])]))
      served.set(version, await models(db.sql, workspace, version));
    const older = new Map<number, Bundle>();
    for (const { version } of inputs.flatMap((pool) => pool.enrollments))
      if (version !== row.bundleVersion && !older.has(version))
        older.set(version, await bundles(db.sql, workspace, version));
    const old = await bundles(db.sql, workspace, row.bundleVersion);
    return {
      old,
      next,
      older,
      evaluate,
      reach: reachFrom(old),
      model: (version) => (version === null ? null : (served.get(version) ?? null)),
      fitted: await fits(db.sql, workspace, fit),
    };
  };
}
