import type { Situation } from '../../domain/context.ts';
import { bestPerEnrollment, compare, isSameAction, isSameEnrollment, type Ranked, rank } from './ranked.ts';

/**
 * Enrollments whose best candidate is above marketing, one after the other: what one takes counts against the limits
 * of the next, so that two tickets that end together bring one survey.
 */
export function pickHigherClasses(
  ranked: Ranked[],
  situation: Situation,
): { winners: Ranked[]; rest: Ranked[] } {
  const winners: Ranked[] = [];
  let rest = ranked;
  for (;;) {
    const open = [...bestPerEnrollment(rest).values()].filter(
      (r) => r.candidate.action.class !== 'marketing' && !winners.some((w) => isSameEnrollment(w, r)),
    );
    const [next] = open.sort(compare);
    if (!next) return { winners, rest };
    winners.push(next);
    const taken = { ...situation, facts: withTaken(situation, winners) };
    rest = rest.map((r) =>
      r === next || !isSameAction(r, next) || winners.some((w) => isSameEnrollment(w, r))
        ? r
        : rank(r.candidate, taken),
    );
  }
}

function withTaken({ facts, now }: Situation, winners: Ranked[]): Situation['facts'] {
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
