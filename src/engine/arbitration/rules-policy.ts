import { buildArmId } from '../../learning/model/arm-id.ts';
import { DO_NOTHING } from '../../learning/model/snapshot.ts';
import { recordRulesChoice } from '../../learning/policy/rules-policy.ts';
import type { PoolArm } from './arms.ts';
import type { PolicyOutcome } from './policy-outcome.ts';
import { compareRanked, pickBestPerEnrollment, type RankedCandidate } from './rank.ts';

/** Score of doing nothing where rules decide: a marketing action that is not worth more is not done. */
const WORTH_OF_NOTHING = 0;

/** What rules make of a pool: each enrollment's best candidate, by whether it is worth more than doing nothing. */
export interface RulesChoice {
  /** Best first. */
  worthwhile: RankedCandidate[];
  worthless: RankedCandidate[];
}

export function applyRules(pool: RankedCandidate[]): RulesChoice {
  const contenders = [...pickBestPerEnrollment(pool).values()];
  return {
    worthwhile: contenders.filter(({ score }) => score > WORTH_OF_NOTHING).sort(compareRanked),
    worthless: contenders.filter(({ score }) => score <= WORTH_OF_NOTHING),
  };
}

/** The rules' choice in the form of an arbitration: the model learns from it as well. */
export function rulesPolicy(arms: PoolArm[], { worthwhile: [best] }: RulesChoice): PolicyOutcome {
  const chosen = best ? buildArmId(best.candidate.action.id, best.candidate.channel) : DO_NOTHING;
  return recordRulesChoice([DO_NOTHING, ...arms.map(({ id }) => id)], chosen);
}
