import type { ArbitrationRecord, JudgedCandidate } from '../../domain/candidate.ts';
import { toDecimal } from '../../domain/values/money.ts';
import type { ServedModel } from '../../learning/model/served-model.ts';
import type { DecisionRequest } from '../request.ts';
import { type ArmResult, arbitratePool, type PoolChoice } from './arbitrate-pool.ts';
import { findMostCautious, isSameOffer } from './arms.ts';
import { loserVerdict } from './judged-candidate.ts';
import { pickBestPerEnrollment, type RankedCandidate } from './rank.ts';
import { applyRules, type RulesChoice } from './rules-policy.ts';

/** What became of the marketing pool. */
export interface MarketingOutcome {
  winner: RankedCandidate | null;
  /** Candidates whose step ends, since doing nothing was better. */
  ended: RankedCandidate[];
  /** What the records of the pool's candidates say beyond their gates: the winner's, and those of the losers. */
  changes: Map<RankedCandidate, Partial<JudgedCandidate>>;
  /** Null where no arbitration was held. */
  arbitration: ArbitrationRecord | null;
}

export const NO_MARKETING: MarketingOutcome = {
  winner: null,
  ended: [],
  changes: new Map(),
  arbitration: null,
};

/** One marketing action wins for the whole customer, against the others and against doing nothing. */
export function arbitrateMarketing(
  pool: RankedCandidate[],
  request: DecisionRequest,
  model: ServedModel | null,
): MarketingOutcome {
  const rules = applyRules(pool);
  const choice = arbitratePool(pool, request, { model, rules });
  return choice.arbitration.policy === 'rules'
    ? concludeByRules(rules, choice, request)
    : concludeByModel(pool, choice, request);
}

/** Something of a higher class goes first: nothing is drawn, and every candidate that could win waits. */
export function postponeMarketing(
  pool: RankedCandidate[],
  request: DecisionRequest,
  model: ServedModel | null,
): MarketingOutcome {
  const rulesDecide = model === null || findMostCautious(pool) === 'rules_only';
  if (rulesDecide) return concludeByRules(applyRules(pool), null, request);
  const changes = new Map(pool.map((entry) => [entry, loserVerdict(entry, 'outranked', request)]));
  return { winner: null, ended: [], changes, arbitration: null };
}

/** Only an enrollment's best candidate competes by rules; what is worth no more than nothing ends its step. */
function concludeByRules(
  { worthwhile, worthless }: RulesChoice,
  choice: PoolChoice | null,
  request: DecisionRequest,
): MarketingOutcome {
  const winner = choice?.winner ?? null;
  const changes = new Map<RankedCandidate, Partial<JudgedCandidate>>();
  for (const loser of worthwhile) changes.set(loser, loserVerdict(loser, 'outranked', request));
  if (winner)
    changes.set(winner, describeArm(choice?.armResults.get(winner), request.bundle.workspace.currency));
  return { winner, ended: worthless, changes, arbitration: choice?.arbitration ?? null };
}

/**
 * Every candidate of the pool lost to the winner, or all of them to doing nothing, which ends their steps. Further
 * channels of the winner's action did not lose: they go out with it, if its step delivers by all.
 */
function concludeByModel(
  pool: RankedCandidate[],
  { winner, armResults, arbitration }: PoolChoice,
  request: DecisionRequest,
): MarketingOutcome {
  const reason = winner ? 'outranked' : 'do_nothing';
  const { currency } = request.bundle.workspace;
  const changes = new Map<RankedCandidate, Partial<JudgedCandidate>>();
  for (const entry of pool) {
    const arm = describeArm(armResults.get(entry), currency);
    const goesOutAlong = winner && isSameOffer(winner, entry) && entry.candidate.deliver === 'all';
    if (entry === winner) changes.set(entry, arm);
    else if (!goesOutAlong) changes.set(entry, { ...arm, ...loserVerdict(entry, reason, request) });
  }
  const ended = winner ? [] : [...pickBestPerEnrollment(pool).values()];
  return { winner, ended, changes, arbitration };
}

/** How an arm came out. The model's score is shown as the rules' is: as a decimal amount. */
function describeArm(result: ArmResult | undefined, currency: string): Partial<JudgedCandidate> {
  if (!result) return {};
  const { probability, score, parts } = result;
  return {
    propensity: probability,
    ...(score === null ? {} : { score: toDecimal(score, currency) }),
    ...(parts ? { scoreParts: parts } : {}),
  };
}
