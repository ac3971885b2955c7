import type { DeliveryRow, Evidence } from './evidence.ts';
import type { Violation } from './violation.ts';

/** Coupons that one customer may get in a year (actions/making-good.yaml). */
const MAX_COUPONS = 2;

/** I2: no delivery reaches a customer twice, and each delivery ended as the provider saw it. */
export function checkEffects(evidence: Evidence): Violation[] {
  return [...checkReceipts(evidence), ...checkOrders(evidence), ...checkCoupons(evidence)];
}

function checkReceipts({ database, receipts, people }: Evidence): Violation[] {
  const violations: Violation[] = [];
  const deliveries = new Map(database.deliveries.map((delivery) => [delivery.id, delivery]));
  const addresses = new Set(people.map(({ email }) => email));
  for (const { deliveryId, to } of receipts)
    if (addresses.has(to) && !deliveries.has(deliveryId))
      violations.push({
        kind: 'other',
        rule: 'unknown message',
        subject: deliveryId,
        detail: `its provider has a message to ${to}, and no delivery has this id`,
      });
  for (const { id, state, action } of deliveries.values()) {
    const own = receipts.filter((receipt) => receipt.deliveryId === id && receipt.answer !== 'refused');
    if (own.length > 1)
      violations.push({
        kind: 'doubled',
        rule: 'message',
        subject: id,
        detail: `${action} reached its provider ${own.length} times`,
      });
    if (state === 'sent' && own.length === 0)
      violations.push({
        kind: 'lost',
        rule: 'message',
        subject: id,
        detail: `${action} counts as sent, and no provider has it`,
      });
    const mustNotExist = ['failed', 'cancelled', 'held', 'planned'].includes(state);
    if (mustNotExist && own.length > 0)
      violations.push({
        kind: 'other',
        rule: 'message',
        subject: id,
        detail: `${action} is ${state}, and its provider has it`,
      });
  }
  return violations;
}

/** Each acknowledged order is confirmed, once: a confirmation passes every gate. */
function checkOrders({ people, database, bounced }: Evidence): Violation[] {
  const violations: Violation[] = [];
  const confirmations = new Map<string, DeliveryRow[]>();
  for (const delivery of database.deliveries)
    if (delivery.action === 'order-confirmation' && delivery.key !== null)
      confirmations.set(delivery.key, [...(confirmations.get(delivery.key) ?? []), delivery]);
  for (const { email, steps } of people)
    for (const { meaning, acknowledged } of steps) {
      if (meaning.type !== 'order' || !acknowledged) continue;
      // What was held or cancelled has reached nobody, and is decided again under another id.
      const own = (confirmations.get(meaning.orderId) ?? []).filter(
        ({ state }) => state !== 'cancelled' && state !== 'held',
      );
      if (own.length > 1)
        violations.push({
          kind: 'doubled',
          rule: 'confirmation',
          subject: meaning.orderId,
          detail: `is confirmed ${own.length} times (${own.map(({ id, state }) => `${id} ${state}`).join(', ')})`,
        });
      if (own.length === 0 && !bounced.has(email))
        violations.push({
          kind: 'lost',
          rule: 'confirmation',
          subject: meaning.orderId,
          detail: 'was acknowledged and is not confirmed',
        });
    }
  return violations;
}

function checkCoupons({ database }: Evidence): Violation[] {
  const violations: Violation[] = [];
  const merged = new Set(database.customers.flatMap(({ mergedInto }) => mergedInto ?? []));
  const seen = { code: new Set<string>(), incident: new Set<string>() };
  const perCustomer = new Map<string, number>();
  for (const { id, customerId, action, once, code } of database.coupons) {
    if (seen.code.has(code) || seen.incident.has(`${action} ${once}`))
      violations.push({
        kind: 'doubled',
        rule: 'coupon',
        subject: id,
        detail: `a second coupon for ${once}, or with its code`,
      });
    seen.code.add(code);
    seen.incident.add(`${action} ${once}`);
    perCustomer.set(customerId, (perCustomer.get(customerId) ?? 0) + 1);
  }
  for (const [customerId, count] of perCustomer)
    if (count > MAX_COUPONS && !merged.has(customerId))
      violations.push({
        kind: 'other',
        rule: 'coupon',
        subject: customerId,
        detail: `has ${count} coupons, and may have ${MAX_COUPONS}`,
      });
  return violations;
}
