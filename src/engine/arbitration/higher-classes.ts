import { toTentativeContact } from '../contacts.ts';
import type { DecisionRequest } from '../request.ts';
import {
  compareRanked,
  isSameAction,
  isSameEnrollment,
  pickBestPerEnrollment,
  type RankedCandidate,
  rankCandidate,
} from './rank.ts';

/**
 * Picks for enrollments whose best candidate is above marketing, one after the other. What one enrollment takes counts
 * against the limits of the next, so that two tickets that end together bring one survey.
 */
export function pickHigherClasses(
  ranked: RankedCandidate[],
  request: DecisionRequest,
): { winners: RankedCandidate[]; rest: RankedCandidate[] } {
  const winners: RankedCandidate[] = [];
  let rest = ranked;
  for (;;) {
    const open = [...pickBestPerEnrollment(rest).values()].filter(
      (entry) =>
        entry.candidate.action.class !== 'marketing' &&
        !winners.some((winner) => isSameEnrollment(winner, entry)),
    );
    const [next] = open.sort(compareRanked);
    if (!next) return { winners, rest };
    winners.push(next);
    const afterWinners = withTentativeContacts(request, winners);
    rest = rest.map((entry) =>
      entry === next ||
      !isSameAction(entry, next) ||
      winners.some((winner) => isSameEnrollment(winner, entry))
        ? entry
        : rankCandidate(entry.candidate, afterWinners),
    );
  }
}

function withTentativeContacts(request: DecisionRequest, winners: RankedCandidate[]): DecisionRequest {
  const contacts = winners.map(({ candidate }) => toTentativeContact(candidate, request.now));
  return { ...request, tentativeContacts: [...request.tentativeContacts, ...contacts] };
}
