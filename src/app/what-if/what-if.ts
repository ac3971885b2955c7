import { setImmediate } from 'node:timers/promises';
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
import type { BundleReader } from '../config/active-bundle.ts';
import type { DecisionContext } from '../decide/decision-context.ts';
import type { LearnedModels } from '../decide/learned-models.ts';
import type { RealtimeContext } from '../decide/realtime/decision-row.ts';
import type { Period } from '../reports/report-deps.ts';
import { type ReplayVersions, replayDecision } from './replay-decision.ts';
import { ChangeTally } from './tally.ts';
import { overallVerdict, type RewardValue, Valuation } from './valuation.ts';

export type WhatIfDeps = BundleReader & LearnedModels & { evaluate: Evaluator };

export interface WhatIfRequest {
  next: Bundle;
  period: Period;
  /** Decisions at most, the newest. */
  limit: number;
  /** The smallest difference in reward per decision that matters; null: a tenth of what was earned. */
  minimumEffect: number | null;
}

export interface WhatIfResult {
  /** Decisions in the period that something was asked in, and how many of them were read. */
  total: number;
  read: number;
  tally: ChangeTally;
  leftOut: Valuation['leftOut'];
  values: RewardValue[];
  verdict: PolicyVerdict;
}

/** Contexts are wide. */
const PAGE = 100;
/** So many are asked again before others get their turn. */
const AT_ONCE = 10;

/**
 * Recorded decisions under other definitions: who would have got what and why, exactly; and what that would have been
 * worth, by off-policy evaluation, where the log can carry an answer. Nothing is applied, nothing written.
 */
export async function runWhatIf(
  deps: WhatIfDeps,
  workspace: string,
  wanted: WhatIfRequest,
): Promise<WhatIfResult> {
  const { sql } = deps.db;
  const { ids, all } = await findRecordedDecisions(sql, { workspace, ...wanted.period }, wanted.limit);
  const tally = new ChangeTally();
  const valuation = new Valuation();
  const versionsOf = loader(deps, workspace, wanted.next);
  let read = 0;
  for (let from = 0; from < ids.length; from += PAGE) {
    for (const row of await readRecordedDecisions(sql, workspace, ids.slice(from, from + PAGE))) {
      if (read++ % AT_ONCE === 0) await setImmediate();
      const versions = await versionsOf(row);
      const replayed = replayDecision(row, versions);
      if (!replayed.ok) {
        tally.leaveOut(replayed.reason);
        continue;
      }
      tally.add(row, replayed.pools);
      valuation.add(row, replayed.pools, versions);
    }
  }
  const values = valuation.values(wanted.minimumEffect);
  return { total: all, read, tally, leftOut: valuation.leftOut, values, verdict: overallVerdict(values) };
}

/** Brings along what a decision rested on: definitions, models and fits by their versions, each read once. */
function loader({ db, bundles, models, fits, evaluate }: WhatIfDeps, workspace: string, next: Bundle) {
  const reaches = new Map<Bundle, ReplayVersions['reach']>();
  const reachFrom = (old: Bundle) => {
    const reach = reaches.get(old) ?? checkFactCoverage(old, next);
    reaches.set(old, reach);
    return reach;
  };
  return async (row: RecordedDecision): Promise<ReplayVersions> => {
    const { fit, inputs: asked = [] } = row.context as DecisionContext & Partial<RealtimeContext>;
    const served = new Map<number, ServedModel | null>();
    const known = row.arbitrations?.flatMap((one) => one.modelVersion ?? []) ?? [];
    for (const version of new Set([...known, ...(row.newestModel === null ? [] : [row.newestModel])]))
      served.set(version, await models(db.sql, workspace, version));
    const older = new Map<number, Bundle>();
    for (const { version } of asked.flatMap((pool) => pool.enrollments))
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
