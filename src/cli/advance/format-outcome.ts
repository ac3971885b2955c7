import { parseInstant } from '../../domain/time/read-time.ts';
import type { Instant } from '../../domain/time/time.ts';
import { createSentences } from '../../sentences/create-sentences.ts';
import { describeItem } from '../../sentences/describe-item.ts';
import { english } from '../../sentences/en/catalogue.ts';
import type { CustomerState, TimelineEntry } from './customer.ts';

/** What an advance did. */
export interface Outcome {
  ref: string;
  duration: string;
  /** The time on the journey's clock. */
  now: Instant;
  items: TimelineEntry[];
  customer: Pick<CustomerState, 'enrollments' | 'timezone'>;
}

/** The text that `advance` prints: what happened, oldest first, and where the customer is now. Times are the customer's. */
export function formatOutcome({ ref, duration, now, items, customer }: Outcome): string {
  const sentences = createSentences(english, { locale: 'en-GB', zone: customer.timezone, now });
  const happened = toJourneyTimes(items).map(
    ({ at, item }) => `  ${sentences.stamp(at)}  ${sentences.write(describeItem(item))}`,
  );
  const places = customer.enrollments.map(({ journey, step, state, wakers }) => {
    // A check again is made each day, and mostly changes nothing.
    const instants = wakers.flatMap(({ at, reason }) => (at && reason !== 'recheck' ? parseInstant(at) : []));
    const until =
      instants.length > 0 ? `, until ${sentences.stamp(Math.min(...instants))} at the latest` : '';
    return `  ${journey}: ${state} at ${step}${until}`;
  });
  return [
    `${duration} passed for ${ref}: this journey's clock is at ${sentences.stamp(now)} (${sentences.zone}).`,
    happened.length > 0 ? 'What happened:' : 'Nothing happened in that time.',
    ...happened,
    places.length > 0 ? 'Journeys:' : 'This customer is in no journey.',
    ...places,
  ].join('\n');
}

/**
 * Only decisions carry the journey's time. The result of a delivery is an event of today's clock, so it gets the time of
 * the decision that processed it, or else of the item before.
 */
function toJourneyTimes(items: TimelineEntry[]): { at: Instant; item: TimelineEntry }[] {
  const decidedAt = new Map(
    items.filter(({ id, decisionId }) => id === decisionId).map(({ id, at }) => [id, parseInstant(at)]),
  );
  let previous: Instant | undefined;
  return items.map((item) => {
    const at = decidedAt.get(item.decisionId ?? '') ?? previous ?? parseInstant(item.at);
    previous = at;
    return { at, item };
  });
}
