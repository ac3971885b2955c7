import type { Candidate, Choice } from '../domain/candidate.ts';
import type { ServedModel } from '../learning/model/served-model.ts';
import { pickHigherClasses } from './arbitration/higher-classes.ts';
import { toJudgedCandidate } from './arbitration/judged-candidate.ts';
import { arbitrateMarketing, NO_MARKETING, postponeMarketing } from './arbitration/marketing.ts';
import { isAllowed, isSameEnrollment, rankCandidate } from './arbitration/rank.ts';
import type { Chooser, DecisionRequest } from './request.ts';

/** @param model the learned model; null: rules decide */
export function createChooser(model: ServedModel | null): Chooser {
  return (candidates, request) => choose(candidates, request, model);
}

/**
 * Judges every candidate, then picks.
 *
 * 1. The gates answer about each candidate, and its value and cost are computed.
 * 2. Above marketing, each enrollment takes its best allowed candidate of the highest class.
 * 3. The allowed marketing candidates of the other enrollments form one pool. One of them wins for the whole customer,
 *    or doing nothing does. The pool waits when something of a higher class goes first.
 */
function choose(candidates: Candidate[], request: DecisionRequest, model: ServedModel | null): Choice {
  const ranked = candidates.map((candidate) => rankCandidate(candidate, request));
  const { winners, rest } = pickHigherClasses(ranked, request);
  const pool = rest.filter(
    (entry) =>
      entry.candidate.action.class === 'marketing' &&
      isAllowed(entry) &&
      !winners.some((winner) => isSameEnrollment(winner, entry)),
  );
  const mustWait = winners.length > 0 || request.actedAlready;
  const marketing =
    pool.length === 0
      ? NO_MARKETING
      : mustWait
        ? postponeMarketing(pool, request, model)
        : arbitrateMarketing(pool, request, model);
  const chosen = marketing.winner ? [...winners, marketing.winner] : winners;
  return {
    judgedCandidates: rest.map((entry) =>
      toJudgedCandidate(entry, chosen.includes(entry) ? 'chosen' : null, marketing.changes.get(entry)),
    ),
    chosen: chosen.map(({ candidate }) => candidate),
    endedByDoingNothing: marketing.ended.map(({ candidate }) => candidate.enrollment.id),
    arbitration: marketing.arbitration,
  };
}
