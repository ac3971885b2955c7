import { spentOn } from '../../domain/commerce.ts';
import { own } from '../../domain/own.ts';
import type { Profile } from '../../domain/profile.ts';
import type { CustomerHistory, EarlierPurchases, Purchase } from './types.ts';

/** What a profile doesn't keep, and must be kept beside it. */
export type Kept = Pick<CustomerHistory, 'touches' | 'engagement'>;

export const NOTHING_KEPT: Kept = { touches: [], engagement: { contact: null, shop: null } };

/**
 * What scoring needs, as far as a profile has it. Orders in another currency are purchases of amount 0: they tell when
 * somebody buys, not for how much. `categoryOf` names the category of a product, if it is known.
 */
export function historyOf(
  profile: Profile,
  currency: string,
  kept: Kept = NOTHING_KEPT,
  categoryOf: (product: string) => string | undefined = () => undefined,
): CustomerHistory {
  const purchases = profile.orders
    .filter(({ status }) => status !== 'cancelled')
    .map((order): Purchase => {
      const named = (order.products ?? []).flatMap((product) => categoryOf(product) ?? []);
      const amount = order.currency === currency ? spentOn(order) : 0;
      return { at: order.at, amount, categories: [...new Set(named)].sort() };
    });
  return { purchases, earlier: earlierOf(profile, currency), ...kept };
}

/** What lies before the orders kept, out of the counts and sums that never forget. */
function earlierOf(profile: Profile, currency: string): EarlierPurchases | null {
  const count = profile.orderCount - profile.orders.length;
  const oldest = profile.orders[0];
  if (count <= 0 || oldest === undefined) return null;
  let kept = 0;
  for (const order of profile.orders) if (order.currency === currency) kept += spentOn(order);
  const amount = Math.max(0, (own(profile.spend, currency) ?? 0) - kept);
  const first = own(profile.counts, 'Order Completed')?.first ?? oldest.at;
  return { count, first: Math.min(first, oldest.at), amount };
}
