import type { Verdict } from '../../domain/candidate.ts';
import type { Situation } from '../../domain/context.ts';
import { counts, type DeliveryFact } from '../../domain/delivery.ts';
import { blocked, type Gate, pass } from '../gate.ts';

/** The gap after a marketing contact, over all journeys and channels. */
export const spacing: Gate = ({ action }, { facts, bundle, now }) => {
  if (action.class !== 'marketing') return pass('spacing');
  const last = marketing(facts.deliveries).reduce((max, d) => Math.max(max, d.at), Number.NEGATIVE_INFINITY);
  const liftsAt = last + bundle.workspace.spacing;
  return liftsAt > now ? [blocked('spacing', 'too_soon', { observed: last, liftsAt })] : pass('spacing');
};

/** So many marketing contacts per sliding window. */
export const caps: Gate = ({ action, channel }, { facts, bundle, now }) => {
  if (action.class !== 'marketing') return pass('caps');
  const verdicts = bundle.workspace.caps.flatMap((cap): Verdict[] => {
    if (cap.channel !== null && cap.channel !== channel) return [];
    const counted = marketing(facts.deliveries).filter(
      (d) => cap.channel === null || d.channel === cap.channel,
    );
    return full('caps', 'cap_reached', counted, cap.max, cap.per, now);
  });
  return verdicts.length > 0 ? verdicts : pass('caps');
};

/** How often one action may reach one customer, or one enrollment's key. */
export const limits: Gate = ({ action, enrollment }, { facts, now }) => {
  const verdicts = action.limit.flatMap((limit): Verdict[] => {
    const counted = contacts(facts).filter(
      (c) => c.action === action.id && (limit.per === 'customer' || c.key === enrollment.key),
    );
    return full('limit', 'limit_reached', counted, limit.max, limit.every, now);
  });
  return verdicts.length > 0 ? verdicts : pass('limit');
};

/** Deliveries that count, and agent tasks: a call by a person is a contact too. */
function contacts({
  deliveries,
  tasks,
}: Situation['facts']): { action: string; key: string | null; at: number }[] {
  return [
    ...deliveries.filter(counts),
    ...tasks.filter((t) => t.state !== 'withdrawn' && t.state !== 'expired'),
  ];
}

function marketing(deliveries: DeliveryFact[]): DeliveryFact[] {
  return deliveries.filter((d) => d.class === 'marketing' && counts(d));
}

/** Blocked when the window holds `max` or more; it lifts when enough of them have left the window. */
function full(
  gate: string,
  code: string,
  counted: { at: number }[],
  max: number,
  per: number | null,
  now: number,
): Verdict[] {
  const inside = counted.filter((c) => per === null || c.at + per > now).sort((a, b) => a.at - b.at);
  if (inside.length < max) return [];
  const freeing = inside[inside.length - max];
  const liftsAt = per === null || !freeing ? null : freeing.at + per;
  return [blocked(gate, code, { observed: inside.length, needed: max, liftsAt })];
}
