import { type JourneyEvent, toText } from '../event.ts';
import { readFactId } from '../fact-id.ts';
import { readCurrency } from '../values/currency.ts';
import { PAYMENT_AMOUNTS, readAmount } from '../values/money.ts';
import { type Commerce, KEPT_PAYMENTS, type Payment } from './commerce.ts';
import { foldCart, foldCartItem } from './fold-cart.ts';
import { foldOrderEvent } from './fold-order.ts';

type Folded = Pick<JourneyEvent, 'name' | 'at' | 'seq' | 'properties'>;

const NOTHING: string[] = [];

/**
 * Folds one of Segment's e-commerce events, in place. Other events change nothing. Returns the ids of unknown orders whose
 * changes went because there was no room for all.
 * @param currency for events that name none
 */
export function foldCommerce(commerce: Commerce, event: Folded, currency: string): string[] {
  switch (event.name) {
    case 'Order Completed':
    case 'Order Updated':
    case 'Order Refunded':
    case 'Order Cancelled':
      return foldOrderEvent(commerce, event, currency);
    case 'Cart Viewed':
    case 'Checkout Started':
    case 'Cart Updated':
      foldCart(commerce, event, currency);
      return NOTHING;
    case 'Product Added':
    case 'Product Removed':
      foldCartItem(commerce, event, currency);
      return NOTHING;
    case 'Payment Failed': {
      const p = event.properties;
      const money = readCurrency(p.currency, currency) ?? currency;
      const payment: Payment = {
        orderId: readFactId(p.order_id) ?? null,
        status: 'failed',
        code: toText(p.code) ?? toText(p.reason) ?? null,
        total: readAmount(p, PAYMENT_AMOUNTS, money),
        currency: money,
        at: event.at,
      };
      commerce.payments = [...commerce.payments, payment].sort((a, b) => a.at - b.at).slice(-KEPT_PAYMENTS);
      return NOTHING;
    }
    default:
      return NOTHING;
  }
}
