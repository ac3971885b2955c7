import { isAccountEcho, type JourneyEvent, toText } from './event.ts';
import { readFactId } from './fact-id.ts';
import type { CouponFact } from './facts.ts';
import type { Instant } from './time/time.ts';
import { readCurrency } from './values/currency.ts';
import { toMinorUnits } from './values/money.ts';

/** The canonical form of a typed code: upper case, no spaces or hyphens, and digits for letters that look like them. */
export function normaliseCode(text: string): string {
  return text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}

/** Codes of one order that are looked at. */
const MOST_CODES = 20;

/** A coupon that an order has used up. */
export interface UsedCoupon {
  id: string;
  orderId: string;
  /** The discount in minor units of the workspace's currency, if the order names it in that currency. */
  discount: number | null;
  at: Instant;
}

/**
 * The customer's coupons that these events redeem. `Order Completed` names the code in `coupon`, as in Segment's
 * specification, or a list of codes. The time of the order decides whether the coupon was valid. The first order redeems a coupon.
 * @param currency the workspace's; it applies to orders that name none
 */
export function findUsedCoupons(
  events: JourneyEvent[],
  coupons: CouponFact[],
  currency: string,
): UsedCoupon[] {
  const used = new Map<string, UsedCoupon>();
  for (const event of events) {
    if (event.name !== 'Order Completed' || event.historical || event.repeats || isAccountEcho(event))
      continue;
    const codes = readCodes(event.properties.coupon);
    for (const coupon of coupons) {
      if (!codes.includes(coupon.code) || used.has(coupon.id) || event.at >= coupon.expiresAt) continue;
      if (coupon.state !== 'issued' && coupon.state !== 'expired') continue;
      const orderId = readFactId(event.properties.order_id) ?? event.id;
      used.set(coupon.id, {
        id: coupon.id,
        orderId,
        discount: readDiscount(event, currency),
        at: event.at,
      });
    }
  }
  return [...used.values()];
}

/** Codes that an order names; shops that combine discounts send several. */
function readCodes(coupon: unknown): string[] {
  const named: unknown[] = Array.isArray(coupon) ? coupon.slice(0, MOST_CODES) : [coupon];
  return named.flatMap((code) => {
    const text = toText(code);
    return text === undefined ? [] : [normaliseCode(text)];
  });
}

function readDiscount({ properties }: JourneyEvent, currency: string): number | null {
  const named = readCurrency(properties.currency, currency) ?? currency;
  return named === currency ? toMinorUnits(properties.discount, currency) : null;
}
