import { type Purchase, sumCentsByCustomer } from './parse-purchases.ts';
import { toUserId } from './purchase-event.ts';
import type { LoggedCustomer } from './queries.ts';

const SHOWN = 5;

/**
 * Compares what was sent with what the log holds: as many events, and of each customer the same sum to the cent, in
 * the log and in the profile. Returns what differs, the first few of each kind.
 */
export function findDifferences(purchases: Purchase[], fed: LoggedCustomer[]): string[] {
  const found: string[] = [];
  const events = fed.reduce((sum, customer) => sum + customer.events, 0);
  if (events !== purchases.length)
    found.push(`${purchases.length} events were sent, ${events} are in the log`);
  const logged = new Map(fed.map((customer) => [customer.userId, customer]));
  const wrong = [...sumCentsByCustomer(purchases)].flatMap(([id, cents]) => {
    const userId = toUserId(id);
    const customer = logged.get(userId);
    if (!customer) return [`${userId} isn't in the log`];
    const { spentCents } = customer;
    if (customer.cents !== cents)
      return [`${userId} spent ${money(cents)}, the log says ${money(customer.cents)}`];
    if (spentCents === null || spentCents === cents) return [];
    return [`${userId} spent ${money(cents)}, the profile says ${money(spentCents)}`];
  });
  found.push(...wrong.slice(0, SHOWN));
  if (wrong.length > SHOWN) found.push(`and ${wrong.length - SHOWN} customers more`);
  return found;
}

function money(cents: number): string {
  return (cents / 100).toFixed(2);
}
