import type { CustomerState, TimelineItem } from './customer.ts';

/** What an advance did, as text. */
export interface Outcome {
  ref: string;
  duration: string;
  /** The time on the journey's clock, RFC 3339. */
  now: string;
  items: TimelineItem[];
  customer: Pick<CustomerState, 'enrollments'>;
}

/** The text that `advance` prints: what happened, oldest first, and where the customer is now. */
export function formatOutcome({ ref, duration, now, items, customer }: Outcome): string {
  const happened = toJourneyTimes(items).map(({ at, item }) => `  ${formatTime(at)}  ${describeItem(item)}`);
  const places = customer.enrollments.map(({ journey, step, state, wakers }) => {
    // A check again is made each day, and mostly changes nothing.
    const [next] = wakers.flatMap(({ at, reason }) => (at && reason !== 'recheck' ? at : [])).sort();
    return `  ${journey}: ${state} at ${step}${next === undefined ? '' : `, until ${formatTime(next)} at the latest`}`;
  });
  return [
    `${duration} have passed for ${ref}: this journey's clock is at ${formatTime(now)} UTC.`,
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
function toJourneyTimes(items: TimelineItem[]): { at: string; item: TimelineItem }[] {
  const isDecision = (item: TimelineItem) => item.id === item.decisionId;
  const decidedAt = new Map(items.filter(isDecision).map(({ id, at }) => [id, at]));
  let previous: string | undefined;
  return items.map((item) => {
    const at = decidedAt.get(item.decisionId ?? '') ?? previous ?? item.at;
    previous = at;
    return { at, item };
  });
}

function formatTime(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}

function describeItem({ title, effects, data }: TimelineItem): string {
  const subject = typeof data.action === 'string' && !title.includes(data.action) ? ` (${data.action})` : '';
  return [`${title}${subject}`, ...effects].join('; ');
}
