import { type Candidate, REALTIME } from '../../domain/candidate.ts';
import type { DeliveryFact } from '../../domain/delivery.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Instant } from '../../domain/time/time.ts';

/** The facts as if these had been shown: they count against the caps and limits of what follows. */
export function withTaken(facts: Facts, chosen: Candidate[], now: Instant): Facts {
  const taken = chosen.map(
    ({ action, channel }): DeliveryFact => ({
      id: '',
      enrollmentId: REALTIME,
      action: action.id,
      class: action.class,
      purpose: action.purpose,
      topic: action.topic,
      channel,
      key: null,
      state: 'planned',
      at: now,
      refusal: null,
    }),
  );
  const shared = facts.sharedUse.map((one) => {
    const more = taken.filter((contact) => uses(contact, one)).length;
    return more === 0 ? one : { ...one, used: one.used + more };
  });
  return { ...facts, deliveries: [...facts.deliveries, ...taken], sharedUse: shared };
}

function uses(contact: DeliveryFact, { action, cap }: Facts['sharedUse'][number]): boolean {
  if (action !== null) return contact.action === action;
  if (cap.channel !== null && cap.channel !== contact.channel) return false;
  return cap.purpose === null ? contact.class === 'marketing' : contact.purpose === cap.purpose;
}
