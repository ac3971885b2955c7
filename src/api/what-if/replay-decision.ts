import type { RecordedRow } from '../../../db/queries/what-if.ts';
import { chooseLocally } from '../../activities/decide-locally/choose.ts';
import type { LocalContext } from '../../activities/decide-locally/row.ts';
import type { DecisionContext } from '../../activities/decision-context.ts';
import { askedUnder } from '../../decisioning/evaluation/asked-under.ts';
import { isSame } from '../../decisioning/evaluation/difference.ts';
import { cooledUnder, type Lack, type Reach } from '../../decisioning/evaluation/reach.ts';
import { type Answered, answer, refusalsIn } from '../../decisioning/evaluation/replay.ts';
import type { Served } from '../../decisioning/learning/serve.ts';
import type { FittedScores } from '../../decisioning/scores/types.ts';
import { scoresOf } from '../../decisioning/scores.ts';
import type { Asked } from '../../domain/advance/asked.ts';
import type { Arbitrated, JudgedCandidate } from '../../domain/candidate.ts';
import type { Evaluate, Facts } from '../../domain/context.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';

export type NotReplayable =
  | Lack
  /** Recorded by a build that didn't keep what was asked. */
  | 'not_kept'
  /** Asked again under its own definitions it answers something else: an input is missing, or a build was another. */
  | 'answers_otherwise'
  /** Its placement is gone. */
  | 'no_placement';

/** What decided, and what would have. */
export interface Versions {
  old: Bundle;
  next: Bundle;
  /** By version; null for none. */
  model(version: number | null): Served | null;
  fitted: FittedScores | null;
  /** Definitions that pinned enrollments end under. */
  older: ReadonlyMap<number, Bundle>;
  /** How far what was read for the old carries the next. */
  reach: Reach;
  evaluate: Evaluate;
}

/** One pool, as it was and as it would have been. */
export interface Pool {
  stage: string | null;
  before: Answered;
  after: Answered;
  model: Served | null;
}

export type Replayed = { ok: true; pools: Pool[] } | { ok: false; reason: NotReplayable };

const CLOSE = 1e-9;

/** Asks a recorded decision again under its own bundle, which must give what was recorded, and under another. */
export function replayDecision(row: RecordedRow, versions: Versions): Replayed {
  const { reach } = versions;
  if (reach.lack) return { ok: false, reason: reach.lack };
  const pools = row.kind === 'local' ? localPools(row, versions) : centralPools(row, versions);
  if (typeof pools === 'string') return { ok: false, reason: pools };
  if (!givesTheSame(pools, row)) return { ok: false, reason: 'answers_otherwise' };
  const judged = pools.flatMap((pool) => pool.after.judged);
  if (judged.some((one) => reach.actions.has(one.action))) return { ok: false, reason: 'use_not_counted' };
  return { ok: true, pools };
}

function centralPools(row: RecordedRow, versions: Versions): Pool[] | NotReplayable {
  const { facts: recorded, scores, asked } = row.context as DecisionContext;
  if (!asked) return 'not_kept';
  const { old, next, evaluate, older } = versions;
  const { at: now } = row;
  const before = { ...recorded, attributes: old.attributes };
  const after = factsUnder(recorded, old, next);
  const scoresAfter = scoresUnder(after, scores, now, versions);
  let from = 0;
  let arbitration = 0;
  return asked.map((pool): Pool => {
    const refused = refusalsIn(row.candidates.slice(from, from + pool.candidates.length));
    from += pool.candidates.length;
    const actionOf = (active: Bundle) => (id: string, version: number) =>
      actionIn(version === old.version ? active : (older.get(version) ?? active), id);
    const common = { now, evaluate };
    const again = { ...common, facts: before, scores, bundle: old, actionOf: actionOf(old) };
    const ask = (version: number | null) => answer(pool, again, versions.model(version), refused);
    // Rules don't say whether there was a model that they weren't to ask.
    const its = row.arbitrated?.[arbitration]?.model ?? null;
    const model = its ?? row.newestModel;
    const first = ask(model);
    if (first.arbitrated) arbitration++;
    const changed = moved(pool, old, next);
    const under = { old, next, facts: after, scores: scoresAfter, now, evaluate };
    return {
      stage: pool.stage,
      model: versions.model(model),
      before: first,
      after: answer(
        askedUnder(changed, under),
        { ...common, facts: after, scores: scoresAfter, bundle: next, actionOf: actionOf(next) },
        versions.model(model),
        refused,
      ),
    };
  });
}

/** What a later pool saw of tickets would have cooled down as long, too. */
function moved(pool: Asked, old: Bundle, next: Bundle): Asked {
  if (!pool.seen) return pool;
  return { ...pool, seen: { ...pool.seen, tickets: cooledUnder(pool.seen.tickets, old, next) } };
}

function localPools(row: RecordedRow, versions: Versions): Pool[] | NotReplayable {
  const { facts: recorded, limit, subject, stage } = row.context as LocalContext;
  const { old, next, evaluate, fitted } = versions;
  const model = versions.model(row.arbitrated?.find((one) => one.model !== null)?.model ?? row.newestModel);
  const ask = (bundle: Bundle, facts: Facts): Answered | null => {
    const placement = bundle.placements.find((one) => one.id === row.placement);
    if (!placement) return null;
    const question = {
      id: row.id,
      placement,
      bundle,
      facts,
      now: row.at,
      limit,
      evaluate,
      model,
      fitted,
      subject,
    };
    const { judged, arbitrated } = chooseLocally({ ...question, stage });
    // Lists are several arbitrations, one for each place; only a single one can be valued.
    return { judged, arbitrated: arbitrated.length === 1 ? (arbitrated[0] as Arbitrated) : null };
  };
  const before = ask(old, { ...recorded, attributes: old.attributes });
  const after = ask(next, factsUnder(recorded, old, next));
  return before && after ? [{ stage, model, before, after }] : 'no_placement';
}

/** Facts that the definitions have a say in. */
function factsUnder(recorded: Omit<Facts, 'attributes'>, old: Bundle, next: Bundle): Facts {
  return {
    ...recorded,
    attributes: next.attributes,
    personalisation: next.workspace.personalisation,
    tickets: cooledUnder(recorded.tickets, old, next),
  };
}

/** As they were recorded, unless what they rest on has changed. */
function scoresUnder(
  facts: Facts,
  recorded: Record<string, number>,
  now: number,
  { old, next, fitted, evaluate }: Versions,
): Record<string, number> {
  const rules = ({ workspace: { currency, valueHalf, ideal, worth } }: Bundle) =>
    JSON.stringify([currency, valueHalf, ideal, worth]);
  const same =
    rules(old) === rules(next) && JSON.stringify(old.attributes) === JSON.stringify(next.attributes);
  return same ? recorded : scoresOf({ facts, bundle: next, fitted, now, evaluate });
}

function actionIn(bundle: Bundle, id: string): ActionDef | undefined {
  return bundle.actions.find((action) => action.id === id);
}

function givesTheSame(pools: Pool[], row: RecordedRow): boolean {
  const judged = pools.flatMap((pool) => pool.before.judged);
  if (judged.length !== row.candidates.length) return false;
  if (!judged.every((one, i) => isSame(one, row.candidates[i] as JudgedCandidate))) return false;
  const arbitrated = pools.flatMap((pool) => pool.before.arbitrated ?? []);
  const recorded = row.arbitrated ?? [];
  if (row.kind === 'local' && recorded.length > 1) return true;
  return arbitrated.length === recorded.length && arbitrated.every((one, i) => isEqual(one, recorded[i]));
}

function isEqual(a: Arbitrated, b: Arbitrated | undefined): boolean {
  return (
    b !== undefined &&
    a.chosen === b.chosen &&
    a.arms.join() === b.arms.join() &&
    a.distribution.every((p, i) => Math.abs(p - (b.distribution[i] as number)) <= CLOSE)
  );
}
