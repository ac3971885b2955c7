import { setImmediate } from 'node:timers/promises';
import { findRecorded, type RecordedRow, readRecorded } from '../../../db/queries/what-if.ts';
import type { LocalContext } from '../../activities/decide-locally/row.ts';
import type { DecisionContext } from '../../activities/decision-context.ts';
import { reachOf } from '../../decisioning/evaluation/reach.ts';
import type { Verdict } from '../../decisioning/evaluation/verdict.ts';
import type { Served } from '../../decisioning/learning/serve.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Api } from '../operation.ts';
import type { Period } from '../period.ts';
import { replayDecision, type Versions } from './replay-decision.ts';
import { Tally } from './tally.ts';
import { type KindValue, overall, Valuation } from './valuation.ts';

export interface WhatIfWanted {
  next: Bundle;
  period: Period;
  /** Decisions at most, the newest. */
  limit: number;
  /** The smallest difference in reward per decision that matters; null: a tenth of what was earned. */
  matters: number | null;
}

export interface WhatIf {
  /** Decisions in the period that something was asked in, and how many of them were read. */
  all: number;
  read: number;
  tally: Tally;
  leftOut: Valuation['leftOut'];
  values: KindValue[];
  verdict: Verdict;
}

/** Contexts are wide. */
const PAGE = 100;
/** So many are asked again before others get their turn. */
const AT_ONCE = 10;

/**
 * Recorded decisions under other definitions: who would have got what and why, exactly; and what that would have been
 * worth, by off-policy evaluation, where the log can carry an answer. Nothing is applied, nothing written.
 */
export async function whatIf({ deps }: Api, workspace: string, wanted: WhatIfWanted): Promise<WhatIf> {
  const { sql } = deps.db;
  const { ids, all } = await findRecorded(sql, { workspace, ...wanted.period }, wanted.limit);
  const tally = new Tally();
  const valuation = new Valuation();
  const versionsOf = loader(deps, workspace, wanted.next);
  let read = 0;
  for (let from = 0; from < ids.length; from += PAGE) {
    for (const row of await readRecorded(sql, workspace, ids.slice(from, from + PAGE))) {
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
  const values = valuation.values(wanted.matters);
  return { all, read, tally, leftOut: valuation.leftOut, values, verdict: overall(values) };
}

/** Brings along what a decision rested on: definitions, models and fits by their versions, each read once. */
function loader({ db, bundles, models, fits, evaluate }: Api['deps'], workspace: string, next: Bundle) {
  const reaches = new Map<Bundle, Versions['reach']>();
  const reachFrom = (old: Bundle) => {
    const reach = reaches.get(old) ?? reachOf(old, next);
    reaches.set(old, reach);
    return reach;
  };
  return async (row: RecordedRow): Promise<Versions> => {
    const { fit, asked = [] } = row.context as DecisionContext & Partial<LocalContext>;
    const served = new Map<number, Served | null>();
    const known = row.arbitrated?.flatMap((one) => one.model ?? []) ?? [];
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
