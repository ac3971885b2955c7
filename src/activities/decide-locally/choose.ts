import { reasonsOf } from '../../decisioning/arbitration/reasons.ts';
import { chooser } from '../../decisioning/choose.ts';
import { judge } from '../../decisioning/gates/index.ts';
import type { Served } from '../../decisioning/learning/serve.ts';
import type { FittedScores } from '../../decisioning/scores/types.ts';
import { treater } from '../../decisioning/treatment/treater.ts';
import type { Arbitrated, Candidate, Choice, JudgedCandidate } from '../../domain/candidate.ts';
import type { Evaluate, Facts, Situation } from '../../domain/context.ts';
import type { ActionDef, Bundle, PlacementDef } from '../../domain/definition.ts';
import type { Instant } from '../../domain/time.ts';
import { situationAtClaim } from '../situation.ts';
import { candidateOf, candidatesOf, controlOf, heldOut, passes } from './candidates.ts';
import { rulesAt } from './rules.ts';
import { withTaken } from './taken.ts';

export interface LocalQuestion {
  /** Of the decision. */
  id: string;
  placement: PlacementDef;
  bundle: Bundle;
  facts: Facts;
  now: Instant;
  /** How many actions at most. */
  limit: number;
  evaluate: Evaluate;
  /** What was learned. */
  model: Served | null;
  fitted: FittedScores | null;
  /** Whose id decides holdouts and experiments. */
  subject: string;
  /** Where in the whole life the customer stood at their last decision. */
  stage: string | null;
}

/** One place of the list. */
export interface Place {
  action: ActionDef;
  /** With which probability it took this place, given what stands above it. */
  propensity: number;
  reasons: string[];
  variant: string | null;
  /** Minor units. */
  cost: number;
}

export interface LocalChoice {
  /** Best first. */
  chosen: Place[];
  judged: JudgedCandidate[];
  /** One for each place that marketing actions competed for. */
  arbitrated: Arbitrated[];
  /** The placement's fallback, if the gates let it through; asked only where nothing was chosen. */
  fallback: Place | null;
  scores: Record<string, number>;
}

/**
 * Ranks a placement's actions for one customer: the same gates and the same arbitration as a journey's decision, afresh
 * for each place of the list, over what is left. What is chosen first counts against the caps and limits of what
 * follows. It doesn't count against the spacing, since a list is shown at once. Where doing nothing wins, the list ends.
 */
export function chooseLocally(question: LocalQuestion): LocalChoice {
  const { facts, now, limit } = question;
  const rules = rulesAt(question);
  const judged = new Map<string, JudgedCandidate>();
  const taken: Candidate[] = [];
  const chosen: Place[] = [];
  const arbitrated: Arbitrated[] = [];
  let situation = situationFor(question, rules.first);
  const choose = chooser(question.model);
  let left = candidatesOf(question).filter((candidate) => {
    const control = heldOut(question, candidate.action);
    if (control) judged.set(candidate.action.id, controlOf(candidate));
    return !control;
  });
  while (chosen.length < limit && left.length > 0) {
    const choice = choose(left, { ...situation, seed: `${question.id}/${chosen.length}` });
    for (const one of choice.judged) judged.set(one.action, one);
    if (choice.arbitrated) arbitrated.push(choice.arbitrated);
    const [best] = choice.chosen;
    if (!best) break;
    taken.push(best);
    chosen.push(placeOf(best, choice, situation, question.fitted));
    left = left.filter(({ action }) => action !== best.action && passes(judged.get(action.id)));
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

function situationFor({ facts, fitted, evaluate, now, id, subject, stage }: LocalQuestion, bundle: Bundle) {
  return { ...situationAtClaim(facts, { bundle, fitted }, evaluate, now), subject, stage, seed: id };
}

function placeOf(
  candidate: Candidate,
  { arbitrated, judged }: Choice,
  situation: Situation,
  fitted: FittedScores | null,
): Place {
  const { action, channel } = candidate;
  const { variant, cost } = treater(fitted)(candidate, situation, situation.now);
  const its = judged.find((one) => one.action === action.id && one.channel === channel);
  const reasons = reasonsOf(action.class, arbitrated);
  return { action, propensity: its?.propensity ?? 1, reasons, variant, cost };
}

/** Where something is shown all the same, what comes afterwards hasn't come of doing nothing. */
function actedOn(arbitrated: Arbitrated): Arbitrated {
  const rewards = arbitrated.rewards.filter((reward) => reward.channel !== null);
  return rewards.length === arbitrated.rewards.length ? arbitrated : { ...arbitrated, rewards };
}

/**
 * Who asks must get an answer; so a fallback that isn't marketing is always given. One that is goes through the gates
 * of whoever is known: an open ticket silences it like anything else.
 */
function fallbackOf(question: LocalQuestion, situation: Situation): Place | null {
  const { placement, bundle } = question;
  const action = bundle.actions.find(({ id }) => id === placement.fallback);
  if (!action) return null;
  const candidate = candidateOf(question, action, 0);
  if (action.class === 'marketing') {
    if (heldOut(question, action)) return null;
    if (!judge(candidate, situation).every((gate) => gate.pass)) return null;
  }
  const { variant, cost } = treater(question.fitted)(candidate, situation, situation.now);
  return { ...asFallback(action), variant, cost };
}

/** An action that is there whatever was decided. */
export function asFallback(action: ActionDef): Place {
  return { action, propensity: 1, reasons: ['fallback'], variant: null, cost: 0 };
}
