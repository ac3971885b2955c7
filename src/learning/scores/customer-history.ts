import { computeSpend } from '../../domain/customer/commerce.ts';
import type { ReadProfile } from '../../domain/customer/read-profile.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { CustomerHistory, EarlierPurchases, Purchase } from './types.ts';

/**
 * Builds from a profile what scoring reads. An order in another currency is a purchase with the amount 0: it shows when
 * the customer buys, but not for how much.
 */
export function buildCustomerHistory(profile: ReadProfile, currency: string): CustomerHistory {
  const purchases: Purchase[] = [];
  for (const order of profile.orders) {
    if (order.status === 'cancelled') continue;
    const amount = order.currency === currency ? computeSpend(order) : 0;
    purchases.push({ at: order.at, amount, categories: order.categories?.map(({ name }) => name) ?? [] });
  }
  return { purchases, earlier: summarizeEarlier(profile, currency), touches: profile.touches };
}

/** The purchases before the stored orders, from the profile's counts and sums, which cover the whole history. */
function summarizeEarlier(profile: ReadProfile, currency: string): EarlierPurchases | null {
  const count = profile.orderCount - profile.orders.length;
  const oldest = profile.orders[0];
  if (count <= 0 || oldest === undefined) return null;
  let kept = 0;
  for (const order of profile.orders) if (order.currency === currency) kept += computeSpend(order);
  const amount = Math.max(0, (getOwn(profile.spend, currency) ?? 0) - kept);
  const first = getOwn(profile.counts, 'Order Completed')?.first ?? oldest.at;
  return { count, first: Math.min(first, oldest.at), amount };
}
