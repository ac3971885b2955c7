import { isFinal } from '../../../domain/delivery.ts';
import type { Facts } from '../../../domain/facts.ts';
import type { Enrollment, JourneyState } from '../../../domain/state.ts';

/** Whether an enrollment waits for effects that have ended, or that a claim has refused: then a decision moves it on. */
export function waitsForEndedEffects(
  state: Pick<JourneyState, 'enrollments'>,
  facts: Pick<Facts, 'deliveries' | 'tasks'>,
): boolean {
  return state.enrollments.some((enrollment) => hasEnded(enrollment, facts));
}

function hasEnded(
  { status }: Enrollment,
  { deliveries, tasks }: Pick<Facts, 'deliveries' | 'tasks'>,
): boolean {
  if (status.kind === 'tasked') return !tasks.some(({ id, state }) => id === status.task && !isFinal(state));
  if (status.kind !== 'delivering') return false;
  const own = deliveries.filter(({ id }) => status.deliveries.includes(id));
  return own.some(({ state }) => state === 'held') || own.every(({ state }) => isFinal(state));
}
