import type { Candidate, Choice, JudgedCandidate } from '../domain/candidate.ts';
import { MINOR_UNITS } from '../domain/customer/commerce.ts';
import type { Chooser, DecisionRequest } from '../domain/facts.ts';
import type { ServedModel } from '../learning/model/served-model.ts';
import { type ArmResult, arbitratePool, type PoolChoice } from './arbitration/arbitrate-pool.ts';
import { findMostCautious, isSameOffer } from './arbitration/arms.ts';
import { pickHigherClasses } from './arbitration/higher-classes.ts';
import { toJudgedCandidate, toLoser } from './arbitration/judged-candidate.ts';
import {
  compareRanked,
  isAllowed,
  isSameEnrollment,
  pickBestPerEnrollment,
  type RankedCandidate,
  rankCandidate,
} from './arbitration/rank.ts';

/** The score of doing nothing where rules decide: a marketing action that isn't worth more isn't done. */
const NOTHING = 0;

/**
 * Judges every candidate, then picks. Each enrollment's step takes its best allowed candidate of the highest class;
 * among marketing there is one winner for the whole customer, against each other and against doing nothing, and it
 * waits when something of a higher class goes first.
 * @param model what was learned; null: rules decide
 */
export function createChooser(model: ServedModel | null): Chooser {
  return (candidates, situation) => choose(candidates, situation, model);
}

function choose(candidates: Candidate[], situation: DecisionRequest, model: ServedModel | null): Choice {
  const ranked = candidates.map((candidate) => rankCandidate(candidate, situation));
  const { winners, rest } = pickHigherClasses(ranked, situation);
  const pool = rest.filter(
    (r) =>
      r.candidate.action.class === 'marketing' &&
      isAllowed(r) &&
      !winners.some((winner) => isSameEnrollment(winner, r)),
  );
  const goesFirst = winners.length > 0 || situation.actedAlready;
  const contenders = [...pickBestPerEnrollment(pool).values()];
  const worthwhile = contenders.filter((r) => r.score > NOTHING).sort(compareRanked);
  const byRules = worthwhile[0] ?? null;
  const settled = pool.length > 0 && !goesFirst ? arbitratePool(pool, situation, { model, byRules }) : null;
  const rules = settled
    ? settled.arbitrated.policy === 'rules'
    : model === null || findMostCautious(pool) === 'rules_only';
  const winner = settled?.winner ?? null;
  const chosen = winner ? [...winners, winner] : winners;

  const judged = (r: RankedCandidate): JudgedCandidate => {
    if (chosen.includes(r)) return toJudgedCandidate(r, 'chosen', standingOf(settled?.armResults.get(r)));
    if (rules)
      return toJudgedCandidate(r, null, worthwhile.includes(r) ? toLoser(r, 'outranked', situation) : {});
    return toJudgedCandidate(r, null, pool.includes(r) ? besides(r, settled, situation) : {});
  };
  return {
    judgedCandidates: rest.map(judged),
    chosen: chosen.map((r) => r.candidate),
    endedByDoingNothing: (rules ? contenders.filter((r) => r.score <= NOTHING) : resting(pool, settled)).map(
      enrollmentOf,
    ),
    arbitration: settled?.arbitrated ?? null,
  };
}

/** Where doing nothing won, everybody's step is over. */
function resting(pool: RankedCandidate[], settled: PoolChoice | null): RankedCandidate[] {
  return settled && !settled.winner ? [...pickBestPerEnrollment(pool).values()] : [];
}

function enrollmentOf({ candidate }: RankedCandidate): string {
  return candidate.enrollment.id;
}

/** One that competed and wasn't chosen. Further channels of what was chosen go out with it, if its step wants all. */
function besides(
  r: RankedCandidate,
  settled: PoolChoice | null,
  situation: DecisionRequest,
): Partial<JudgedCandidate> {
  const winner = settled?.winner;
  if (winner && isSameOffer(winner, r) && r.candidate.deliver === 'all') return {};
  const loss = settled && !winner ? 'do_nothing' : 'outranked';
  return { ...standingOf(settled?.armResults.get(r)), ...toLoser(r, loss, situation) };
}

/** How its arm came out. The model's score is shown as the rules' is: as a decimal amount. */
function standingOf(standing: ArmResult | undefined): Partial<JudgedCandidate> {
  if (!standing) return {};
  const { probability: propensity, score, parts } = standing;
  return {
    propensity,
    ...(score === null ? {} : { score: score / MINOR_UNITS }),
    ...(parts ? { scoreParts: parts } : {}),
  };
}
