import type { ArbitrationRecord, Candidate, Choice, JudgedCandidate } from '../../domain/candidate.ts';
import type { ActionDef } from '../../domain/definition.ts';
import type { FittedScores } from '../../learning/scores/types.ts';
import { listActionReasons } from '../arbitration/reasons.ts';
import { createChooser } from '../choose.ts';
import { toTentativeContact } from '../contacts.ts';
import { judgeCandidate } from '../gates/judge.ts';
import { withoutSpacing } from '../policy.ts';
import type { DecisionRequest } from '../request.ts';
import { createTreater } from '../treatment/treat.ts';
import {
  buildCandidate,
  isHeldOut,
  type ListRequest,
  listCandidates,
  passesGates,
  toControlCandidate,
} from './candidates.ts';

/** One entry of the list. */
export interface ListItem {
  action: ActionDef;
  /** Probability of its place, given what stands above it. */
  propensity: number;
  reasons: string[];
  variant: string | null;
  /** Minor units. */
  cost: number;
}

export interface ListChoice {
  /** Best first. */
  chosen: ListItem[];
  judgedCandidates: JudgedCandidate[];
  /** One for each place that marketing actions competed for. */
  arbitrations: ArbitrationRecord[];
  /** The placement's fallback, if the gates let it through; judged only where nothing was chosen. */
  fallback: ListItem | null;
  scores: Record<string, number>;
}

/**
 * Ranks a placement's actions for one customer: the same gates and the same arbitration as a journey's decision, anew
 * for each place of the list, over what is left. What is chosen first counts against the caps and limits of what
 * follows, but not against the spacing, since a list is shown at once. Where doing nothing wins, the list ends.
 */
export function chooseList(list: ListRequest): ListChoice {
  const { limit, model } = list;
  const choose = createChooser(model);
  const judged = new Map<string, JudgedCandidate>();
  const chosen: ListItem[] = [];
  const arbitrated: ArbitrationRecord[] = [];
  let { request } = list;
  let left = listCandidates(list).filter((candidate) => {
    const isControl = isHeldOut(request, candidate.action);
    if (isControl) judged.set(candidate.action.id, toControlCandidate(candidate));
    return !isControl;
  });
  while (chosen.length < limit && left.length > 0) {
    const choice = choose(left, { ...request, seed: `${request.seed}/${chosen.length}` });
    for (const entry of choice.judgedCandidates) judged.set(entry.action, entry);
    if (choice.arbitration) arbitrated.push(choice.arbitration);
    const [best] = choice.chosen;
    if (!best) break;
    chosen.push(toListItem(best, choice, request, list.fitted));
    left = left.filter(({ action }) => action !== best.action && passesGates(judged.get(action.id)));
    request = afterChoosing(best, request);
  }
  const fallback = chosen.length > 0 ? null : chooseFallback(list);
  const isMarketingShown = chosen.length > 0 || fallback?.action.class === 'marketing';
  return {
    chosen,
    judgedCandidates: [...judged.values()],
    arbitrations: isMarketingShown ? arbitrated.map(withoutBaselineRewards) : arbitrated,
    fallback,
    scores: request.scores,
  };
}

/** The request for the next place of the list. */
function afterChoosing(best: Candidate, request: DecisionRequest): DecisionRequest {
  const contact = toTentativeContact(best, request.now);
  return {
    ...request,
    policy: withoutSpacing(request.policy),
    tentativeContacts: [...request.tentativeContacts, contact],
  };
}

function toListItem(
  candidate: Candidate,
  { arbitration, judgedCandidates }: Choice,
  request: DecisionRequest,
  fitted: FittedScores | null,
): ListItem {
  const { action, channel } = candidate;
  const { variant, cost } = createTreater(fitted)(candidate, request, request.now);
  const entry = judgedCandidates.find((judged) => judged.action === action.id && judged.channel === channel);
  const reasons = listActionReasons(action.class, arbitration);
  return { action, propensity: entry?.propensity ?? 1, reasons, variant, cost };
}

/** Where marketing is shown all the same, a later reward did not come of doing nothing. */
function withoutBaselineRewards(arbitration: ArbitrationRecord): ArbitrationRecord {
  const rewards = arbitration.rewards.filter((reward) => reward.channel !== null);
  return rewards.length === arbitration.rewards.length ? arbitration : { ...arbitration, rewards };
}

/**
 * The caller must get an answer, so a fallback that is not marketing is always given. A marketing fallback goes through
 * the gates: an open ticket silences it like any other marketing.
 */
function chooseFallback(list: ListRequest): ListItem | null {
  const { placement, request, fitted } = list;
  const action = request.bundle.actions.find(({ id }) => id === placement.fallback);
  if (!action) return null;
  const candidate = buildCandidate(list, action, 0);
  if (action.class === 'marketing') {
    if (isHeldOut(request, action)) return null;
    if (!judgeCandidate(candidate, request).every((gate) => gate.pass)) return null;
  }
  const { variant, cost } = createTreater(fitted)(candidate, request, request.now);
  return { ...toFallbackItem(action), variant, cost };
}

/** An action that is shown whatever was decided. */
export function toFallbackItem(action: ActionDef): ListItem {
  return { action, propensity: 1, reasons: ['fallback'], variant: null, cost: 0 };
}
