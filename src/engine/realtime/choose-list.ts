import { buildRequest } from '../../app/decide/facts/build-facts.ts';
import type { ArbitrationRecord, Candidate, Choice, JudgedCandidate } from '../../domain/candidate.ts';
import type { ActionDef, Bundle, PlacementDef } from '../../domain/definition.ts';
import type { DecisionRequest, Evaluator, Facts } from '../../domain/facts.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { ServedModel } from '../../learning/model/served-model.ts';
import type { FittedScores } from '../../learning/scores/types.ts';
import { listActionReasons } from '../arbitration/reasons.ts';
import { createChooser } from '../choose.ts';
import { judgeCandidate } from '../gates/judge.ts';
import { createTreater } from '../treatment/treat.ts';
import { buildCandidate, isHeldOut, listCandidates, passesGates, toControlCandidate } from './candidates.ts';
import { rulesAt } from './contact-rules.ts';
import { withTaken } from './tentative-contacts.ts';

export interface ListRequest {
  /** Of the decision. */
  id: string;
  placement: PlacementDef;
  bundle: Bundle;
  facts: Facts;
  now: Instant;
  /** How many actions at most. */
  limit: number;
  evaluate: Evaluator;
  /** What was learned. */
  model: ServedModel | null;
  fitted: FittedScores | null;
  /** Whose id decides holdouts and experiments. */
  subject: string;
  /** Where in the whole life the customer stood at their last decision. */
  stage: string | null;
}

/** One place of the list. */
export interface ListItem {
  action: ActionDef;
  /** With which probability it took this place, given what stands above it. */
  propensity: number;
  reasons: string[];
  variant: string | null;
  /** Minor units. */
  cost: number;
}

export interface ListChoice {
  /** Best first. */
  chosen: ListItem[];
  judged: JudgedCandidate[];
  /** One for each place that marketing actions competed for. */
  arbitrated: ArbitrationRecord[];
  /** The placement's fallback, if the gates let it through; asked only where nothing was chosen. */
  fallback: ListItem | null;
  scores: Record<string, number>;
}

/**
 * Ranks a placement's actions for one customer: the same gates and the same arbitration as a journey's decision, afresh
 * for each place of the list, over what is left. What is chosen first counts against the caps and limits of what
 * follows. It doesn't count against the spacing, since a list is shown at once. Where doing nothing wins, the list ends.
 */
export function chooseList(question: ListRequest): ListChoice {
  const { facts, now, limit } = question;
  const rules = rulesAt(question);
  const judged = new Map<string, JudgedCandidate>();
  const taken: Candidate[] = [];
  const chosen: ListItem[] = [];
  const arbitrated: ArbitrationRecord[] = [];
  let situation = situationFor(question, rules.first);
  const choose = createChooser(question.model);
  let left = listCandidates(question).filter((candidate) => {
    const control = isHeldOut(question, candidate.action);
    if (control) judged.set(candidate.action.id, toControlCandidate(candidate));
    return !control;
  });
  while (chosen.length < limit && left.length > 0) {
    const choice = choose(left, { ...situation, seed: `${question.id}/${chosen.length}` });
    for (const one of choice.judgedCandidates) judged.set(one.action, one);
    if (choice.arbitration) arbitrated.push(choice.arbitration);
    const [best] = choice.chosen;
    if (!best) break;
    taken.push(best);
    chosen.push(placeOf(best, choice, situation, question.fitted));
    left = left.filter(({ action }) => action !== best.action && passesGates(judged.get(action.id)));
    situation = { ...situation, bundle: rules.further, facts: withTaken(facts, taken, now) };
  }
  const fallback = chosen.length > 0 ? null : fallbackOf(question, situation);
  const shown = chosen.length > 0 || fallback?.action.class === 'marketing';
  return {
    chosen,
    judged: [...judged.values()],
    arbitrated: arbitrated.map((one) => (shown ? actedOn(one) : one)),
    fallback,
    scores: situation.scores,
  };
}

function situationFor({ facts, fitted, evaluate, now, id, subject, stage }: ListRequest, bundle: Bundle) {
  return { ...buildRequest(facts, { bundle, fitted }, evaluate, now), subject, stage, seed: id };
}

function placeOf(
  candidate: Candidate,
  { arbitration: arbitrated, judgedCandidates: judged }: Choice,
  situation: DecisionRequest,
  fitted: FittedScores | null,
): ListItem {
  const { action, channel } = candidate;
  const { variant, cost } = createTreater(fitted)(candidate, situation, situation.now);
  const its = judged.find((one) => one.action === action.id && one.channel === channel);
  const reasons = listActionReasons(action.class, arbitrated);
  return { action, propensity: its?.propensity ?? 1, reasons, variant, cost };
}

/** Where something is shown all the same, what comes afterwards hasn't come of doing nothing. */
function actedOn(arbitrated: ArbitrationRecord): ArbitrationRecord {
  const rewards = arbitrated.rewards.filter((reward) => reward.channel !== null);
  return rewards.length === arbitrated.rewards.length ? arbitrated : { ...arbitrated, rewards };
}

/**
 * Who asks must get an answer; so a fallback that isn't marketing is always given. One that is goes through the gates
 * of whoever is known: an open ticket silences it like anything else.
 */
function fallbackOf(question: ListRequest, situation: DecisionRequest): ListItem | null {
  const { placement, bundle } = question;
  const action = bundle.actions.find(({ id }) => id === placement.fallback);
  if (!action) return null;
  const candidate = buildCandidate(question, action, 0);
  if (action.class === 'marketing') {
    if (isHeldOut(question, action)) return null;
    if (!judgeCandidate(candidate, situation).every((gate) => gate.pass)) return null;
  }
  const { variant, cost } = createTreater(question.fitted)(candidate, situation, situation.now);
  return { ...toFallbackItem(action), variant, cost };
}

/** An action that is there whatever was decided. */
export function toFallbackItem(action: ActionDef): ListItem {
  return { action, propensity: 1, reasons: ['fallback'], variant: null, cost: 0 };
}
