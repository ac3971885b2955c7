import type { RecordedDecision } from '../../../db/decisions/recorded-decisions.ts';
import type { ArbitrationRecord, JudgedCandidate } from '../../domain/candidate.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import type { DecisionFacts, Evaluator } from '../../domain/facts.ts';
import type { DecisionInput } from '../../engine/journey/decide/decision-input.ts';
import { chooseList } from '../../engine/realtime/choose-list.ts';
import { isSameJudgement } from '../../engine/replay/compare-candidates.ts';
import { type FactCoverage, type MissingFacts, rebaseCooldowns } from '../../engine/replay/fact-coverage.ts';
import { rebaseInput } from '../../engine/replay/rebase-input.ts';
import {
  collectClaimRefusals,
  type ReplayedAnswer,
  replayPool,
} from '../../engine/replay/replay-decision.ts';
import { restoreList } from '../../engine/replay/restore-list.ts';
import type { ServedModel } from '../../learning/model/served-model.ts';
import { computeScores } from '../../learning/scores/compute-scores.ts';
import type { FittedScores } from '../../learning/scores/types.ts';
import type { DecisionContext, RecordedFacts } from '../decide/decision-context.ts';
import type { RealtimeContext } from '../decide/realtime/decision-row.ts';

export type ReplayFailure =
  | MissingFacts
  /** Recorded by a build that didn't keep what was asked. */
  | 'not_kept'
  /** Asked again under its own definitions it answers something else: an input is missing, or a build was another. */
  | 'answers_otherwise'
  /** Its placement is gone. */
  | 'no_placement'
  /** Its conditions take too many steps, or too long. */
  | 'limit_exceeded';

/** What decided, and what would have. */
export interface ReplayVersions {
  old: Bundle;
  next: Bundle;
  /** By version; null for none. */
  model(version: number | null): ServedModel | null;
  fitted: FittedScores | null;
  /** Definitions that pinned enrollments end under. */
  older: ReadonlyMap<number, Bundle>;
  /** How far what was read for the old carries the next. */
  reach: FactCoverage;
  evaluate: Evaluator;
}

/** One pool, as it was and as it would have been. */
export interface ReplayedPool {
  stage: string | null;
  before: ReplayedAnswer;
  after: ReplayedAnswer;
  model: ServedModel | null;
}

export type ReplayResult = { ok: true; pools: ReplayedPool[] } | { ok: false; reason: ReplayFailure };

const CLOSE = 1e-9;

/** Asks a recorded decision again under its own bundle, which must give what was recorded, and under another. */
export function replayDecision(row: RecordedDecision, versions: ReplayVersions): ReplayResult {
  const { reach } = versions;
  if (reach.missing) return { ok: false, reason: reach.missing };
  const pools =
    row.kind === 'realtime' ? replayRealtimePools(row, versions) : replayJourneyPools(row, versions);
  if (typeof pools === 'string') return { ok: false, reason: pools };
  if (!givesTheSame(pools, row)) return { ok: false, reason: 'answers_otherwise' };
  const judged = pools.flatMap((pool) => pool.after.judgedCandidates);
  if (judged.some(({ action }) => reach.uncountedActions.has(action)))
    return { ok: false, reason: 'use_not_counted' };
  return { ok: true, pools };
}

function replayJourneyPools(row: RecordedDecision, versions: ReplayVersions): ReplayedPool[] | ReplayFailure {
  const { facts: recorded, scores, inputs } = row.context as DecisionContext;
  if (!inputs) return 'not_kept';
  const { old, next, evaluate, older } = versions;
  const { at: now } = row;
  const before = { ...recorded, ...declarationsOf(old) };
  const after = rebaseFacts(recorded, old, next);
  const scoresAfter = rebaseScores(after, scores, now, versions);
  let from = 0;
  let arbitration = 0;
  return inputs.map((pool): ReplayedPool => {
    const refusals = collectClaimRefusals(row.candidates.slice(from, from + pool.candidates.length));
    from += pool.candidates.length;
    const actionOf = (active: Bundle) => (id: string, version: number) =>
      actionIn(version === old.version ? active : (older.get(version) ?? active), id);
    const common = { now, evaluate };
    const originalContext = { ...common, facts: before, scores, bundle: old, actionOf: actionOf(old) };
    // A decision by rules does not record the model that it was not to use: it was the newest of then.
    const modelVersion = row.arbitrations?.[arbitration]?.modelVersion ?? row.newestModel;
    const model = versions.model(modelVersion);
    const original = replayPool(pool, originalContext, model, refusals);
    if (original.arbitration) arbitration++;
    const rebase = { old, next, facts: after, scores: scoresAfter, now, evaluate };
    return {
      stage: pool.stage,
      model,
      before: original,
      after: replayPool(
        rebaseInput(withRebasedTickets(pool, old, next), rebase),
        { ...common, facts: after, scores: scoresAfter, bundle: next, actionOf: actionOf(next) },
        model,
        refusals,
      ),
    };
  });
}

/** The tickets that a later pool recorded, with cool-downs by the next policy. */
function withRebasedTickets(pool: DecisionInput, old: Bundle, next: Bundle): DecisionInput {
  if (!pool.changedFacts) return pool;
  return {
    ...pool,
    changedFacts: { ...pool.changedFacts, tickets: rebaseCooldowns(pool.changedFacts.tickets, old, next) },
  };
}

function replayRealtimePools(
  row: RecordedDecision,
  versions: ReplayVersions,
): ReplayedPool[] | ReplayFailure {
  const { facts: recorded, ...input } = row.context as RealtimeContext;
  const { old, next, evaluate, fitted } = versions;
  const model = versions.model(
    row.arbitrations?.find(({ modelVersion }) => modelVersion !== null)?.modelVersion ?? row.newestModel,
  );
  const replay = (bundle: Bundle, facts: DecisionFacts): ReplayedAnswer | null => {
    const placement = bundle.placements.find(({ id }) => id === row.placement);
    if (!placement) return null;
    const list = restoreList(input, {
      id: row.id,
      placement,
      bundle,
      facts,
      now: row.at,
      evaluate,
      model,
      fitted,
    });
    const { judgedCandidates, arbitrations } = chooseList(list);
    // A list has one arbitration for each place; only a list with a single one can be valued.
    return {
      judgedCandidates,
      arbitration: arbitrations.length === 1 ? (arbitrations[0] as ArbitrationRecord) : null,
    };
  };
  const before = replay(old, { ...recorded, ...declarationsOf(old) });
  const after = replay(next, rebaseFacts(recorded, old, next));
  return before && after ? [{ stage: input.stage, model, before, after }] : 'no_placement';
}

function declarationsOf({ attributes, events }: Bundle): Pick<DecisionFacts, 'attributes' | 'eventTypes'> {
  return events ? { attributes, eventTypes: events } : { attributes };
}

/** The recorded facts, with what follows from the definitions taken from the next ones. */
function rebaseFacts(recorded: RecordedFacts, old: Bundle, next: Bundle): DecisionFacts {
  return {
    ...recorded,
    ...declarationsOf(next),
    personalisation: next.workspace.personalisation,
    tickets: rebaseCooldowns(recorded.tickets, old, next),
  };
}

/** The recorded scores, unless the definitions behind them have changed. */
function rebaseScores(
  facts: DecisionFacts,
  recorded: Record<string, number>,
  now: number,
  { old, next, fitted, evaluate }: ReplayVersions,
): Record<string, number> {
  const rules = ({ workspace: { currency, valueHalf, ideal, worth } }: Bundle) =>
    JSON.stringify([currency, valueHalf, ideal, worth]);
  const same =
    rules(old) === rules(next) && JSON.stringify(old.attributes) === JSON.stringify(next.attributes);
  return same ? recorded : computeScores({ facts, bundle: next, fitted, now, evaluate });
}

function actionIn(bundle: Bundle, id: string): ActionDef | undefined {
  return bundle.actions.find((action) => action.id === id);
}

function givesTheSame(pools: ReplayedPool[], row: RecordedDecision): boolean {
  const judged = pools.flatMap((pool) => pool.before.judgedCandidates);
  if (judged.length !== row.candidates.length) return false;
  if (!judged.every((entry, i) => isSameJudgement(entry, row.candidates[i] as JudgedCandidate))) return false;
  const arbitrated = pools.flatMap((pool) => pool.before.arbitration ?? []);
  const recorded = row.arbitrations ?? [];
  if (row.kind === 'realtime' && recorded.length > 1) return true;
  return (
    arbitrated.length === recorded.length &&
    arbitrated.every((arbitration, i) => isEqual(arbitration, recorded[i]))
  );
}

function isEqual(a: ArbitrationRecord, b: ArbitrationRecord | undefined): boolean {
  return (
    b !== undefined &&
    a.chosen === b.chosen &&
    a.arms.join() === b.arms.join() &&
    a.distribution.every((p, i) => Math.abs(p - (b.distribution[i] as number)) <= CLOSE)
  );
}
