import type { Candidate, Choice, JudgedCandidate } from '../domain/candidate.ts';
import { MINOR } from '../domain/commerce.ts';
import type { Choose, Situation } from '../domain/context.ts';
import { arbitratePool, type PoolChoice, type Standing } from './arbitration/arbitrate-pool.ts';
import { isSameOffer, mostCautious } from './arbitration/arms.ts';
import { pickHigherClasses } from './arbitration/higher-classes.ts';
import { judgedOf, lost } from './arbitration/judged.ts';
import {
  bestPerEnrollment,
  compare,
  isAllowed,
  isSameEnrollment,
  type Ranked,
  rank,
} from './arbitration/ranked.ts';
import type { Served } from './learning/serve.ts';

/** The score of doing nothing where rules decide: a marketing action that isn't worth more isn't done. */
const NOTHING = 0;

/**
 * Judges every candidate, then picks. Each enrollment's step takes its best allowed candidate of the highest class;
 * among marketing there is one winner for the whole customer, against each other and against doing nothing, and it
 * waits when something of a higher class goes first.
 * @param model what was learned; null: rules decide
 */
export function chooser(model: Served | null): Choose {
  return (candidates, situation) => choose(candidates, situation, model);
}

function choose(candidates: Candidate[], situation: Situation, model: Served | null): Choice {
  const ranked = candidates.map((candidate) => rank(candidate, situation));
  const { winners, rest } = pickHigherClasses(ranked, situation);
  const pool = rest.filter(
    (r) =>
      r.candidate.action.class === 'marketing' &&
      isAllowed(r) &&
      !winners.some((winner) => isSameEnrollment(winner, r)),
  );
  const goesFirst = winners.length > 0 || situation.actedAlready;
  const contenders = [...bestPerEnrollment(pool).values()];
  const worthwhile = contenders.filter((r) => r.score > NOTHING).sort(compare);
  const byRules = worthwhile[0] ?? null;
  const settled = pool.length > 0 && !goesFirst ? arbitratePool(pool, situation, { model, byRules }) : null;
  const rules = settled
    ? settled.arbitrated.policy === 'rules'
    : model === null || mostCautious(pool) === 'rules_only';
  const winner = settled?.winner ?? null;
  const chosen = winner ? [...winners, winner] : winners;

  const judged = (r: Ranked): JudgedCandidate => {
    if (chosen.includes(r)) return judgedOf(r, 'chosen', standingOf(settled?.standings.get(r)));
    if (rules) return judgedOf(r, null, worthwhile.includes(r) ? lost(r, 'outranked', situation) : {});
    return judgedOf(r, null, pool.includes(r) ? besides(r, settled, situation) : {});
  };
  return {
    judged: rest.map(judged),
    chosen: chosen.map((r) => r.candidate),
    nothing: (rules ? contenders.filter((r) => r.score <= NOTHING) : resting(pool, settled)).map(
      enrollmentOf,
    ),
    arbitrated: settled?.arbitrated ?? null,
  };
}

/** Where doing nothing won, everybody's step is over. */
function resting(pool: Ranked[], settled: PoolChoice | null): Ranked[] {
  return settled && !settled.winner ? [...bestPerEnrollment(pool).values()] : [];
}

function enrollmentOf({ candidate }: Ranked): string {
  return candidate.enrollment.id;
}

/** One that competed and wasn't chosen. Further channels of what was chosen go out with it, if its step wants all. */
function besides(r: Ranked, settled: PoolChoice | null, situation: Situation): Partial<JudgedCandidate> {
  const winner = settled?.winner;
  if (winner && isSameOffer(winner, r) && r.candidate.deliver === 'all') return {};
  const loss = settled && !winner ? 'do_nothing' : 'outranked';
  return { ...standingOf(settled?.standings.get(r)), ...lost(r, loss, situation) };
}

/** How its arm came out. The model's score is shown as the rules' is: as a decimal amount. */
function standingOf(standing: Standing | undefined): Partial<JudgedCandidate> {
  if (!standing) return {};
  const { probability: propensity, score, parts } = standing;
  return {
    propensity,
    ...(score === null ? {} : { score: score / MINOR }),
    ...(parts ? { weighed: parts } : {}),
  };
}
