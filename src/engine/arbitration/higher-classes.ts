import type { DecisionRequest } from '../../domain/facts.ts';
import {
  compareRanked,
  isSameAction,
  isSameEnrollment,
  pickBestPerEnrollment,
  type RankedCandidate,
  rankCandidate,
} from './rank.ts';

/**
 * Enrollments whose best candidate is above marketing, one after the other: what one takes counts against the limits
 * of the next, so that two tickets that end together bring one survey.
 */
export function pickHigherClasses(
  ranked: RankedCandidate[],
  situation: DecisionRequest,
): { winners: RankedCandidate[]; rest: RankedCandidate[] } {
  const winners: RankedCandidate[] = [];
  let rest = ranked;
  for (;;) {
    const open = [...pickBestPerEnrollment(rest).values()].filter(
      (r) => r.candidate.action.class !== 'marketing' && !winners.some((w) => isSameEnrollment(w, r)),
    );
    const [next] = open.sort(compareRanked);
    if (!next) return { winners, rest };
    winners.push(next);
    const taken = { ...situation, facts: withTaken(situation, winners) };
    rest = rest.map((r) =>
      r === next || !isSameAction(r, next) || winners.some((w) => isSameEnrollment(w, r))
        ? r
        : rankCandidate(r.candidate, taken),
    );
  }
}

function withTaken({ facts, now }: DecisionRequest, winners: RankedCandidate[]): DecisionRequest['facts'] {
  const taken = winners.map(({ candidate: { action, channel, enrollment } }) => ({
    id: '',
    enrollmentId: enrollment.id,
    action: action.id,
    class: action.class,
    purpose: action.purpose,
    topic: action.topic,
    channel,
    key: enrollment.key,
    state: 'planned' as const,
    at: now,
    refusal: null,
  }));
  return { ...facts, deliveries: [...facts.deliveries, ...taken] };
}
