import { type Purchase, sumCentsByCustomer } from './parse-purchases.ts';
import { toUserId } from './purchase-event.ts';
import type { LoggedCustomer } from './queries.ts';

const SHOWN = 5;

/**
 * Compares the sent purchases with the log: the number of events, and each customer's sum to the cent, in the log and in
 * the profile.
 *
 * @returns one line per difference, with at most five customers
 */
export function findDifferences(purchases: Purchase[], loggedCustomers: LoggedCustomer[]): string[] {
  const differences: string[] = [];
  const events = loggedCustomers.reduce((sum, customer) => sum + customer.events, 0);
  if (events !== purchases.length)
    differences.push(`${purchases.length} events were sent, ${events} are in the log`);
  const logged = new Map(loggedCustomers.map((customer) => [customer.userId, customer]));
  const wrong = [...sumCentsByCustomer(purchases)].flatMap(([id, cents]) => {
    const userId = toUserId(id);
    const customer = logged.get(userId);
    if (!customer) return [`${userId} is not in the log`];
    const { spentCents } = customer;
    if (customer.cents !== cents)
      return [`${userId} spent ${formatCents(cents)}, the log says ${formatCents(customer.cents)}`];
    if (spentCents === null || spentCents === cents) return [];
    return [`${userId} spent ${formatCents(cents)}, the profile says ${formatCents(spentCents)}`];
  });
  differences.push(...wrong.slice(0, SHOWN));
  if (wrong.length > SHOWN) differences.push(`and ${wrong.length - SHOWN} more customers`);
  return differences;
}

function formatCents(cents: number): string {
  return (cents / 100).toFixed(2);
}
