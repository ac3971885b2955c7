import type { Instant } from '../time/time.ts';
import { applyCartChange } from './apply-cart-change.ts';
import type { Cart, CartChange, CartLog, Commerce } from './commerce.ts';

type Carts = Pick<Commerce, 'cart' | 'emptiedAt' | 'cartLog'>;

/** Changes that are kept apart; older ones are part of the base, and what arrives later than those is too late. */
const KEPT_CHANGES = 30;

/** Takes down, in place, what the whole cart was at some time; null: empty. Only later changes still count. */
export function stateCart(carts: Carts, cart: Cart | null, at: Instant, own: string): void {
  const log = readLog(carts, own);
  if (at < log.since) return;
  settle(carts, { base: cart, since: at, changes: log.changes.filter((change) => change.at > at), own });
}

/** Takes down a change of the cart, in place, among the others by its time. */
export function changeCart(carts: Carts, change: CartChange, own: string): void {
  const log = readLog(carts, own);
  if (change.at < log.since) return;
  const place = log.changes.findLastIndex(({ at }) => at <= change.at) + 1;
  settle(carts, { ...log, changes: log.changes.toSpliced(place, 0, change) });
}

/** The cart of two customers who are one: the newest whole cart of either, with the changes of both since. */
export function mergeCarts(a: Carts, b: Carts): Carts {
  const [logA, logB] = [readLog(a), readLog(b)];
  const isA = logA.since > logB.since || (logA.since === logB.since && serialize(logA) >= serialize(logB));
  const [newer, older] = isA ? [logA, logB] : [logB, logA];
  const changes = [...newer.changes, ...older.changes.filter(({ at }) => at > newer.since)].sort(byTime);
  const carts: Carts = { cart: null, emptiedAt: Math.max(a.emptiedAt, b.emptiedAt) };
  settle(carts, { ...newer, own: newer.own || older.own, changes });
  return carts;
}

/** Makes the cart all that is known, in place, for lack of room. */
export function forgetChanges(carts: Carts): void {
  if (!carts.cartLog) return;
  const last = carts.cartLog.changes.at(-1)?.at ?? carts.cartLog.since;
  delete carts.cartLog;
  if (!carts.cart) carts.emptiedAt = Math.max(carts.emptiedAt, last);
}

function readLog({ cart, emptiedAt, cartLog }: Carts, own = ''): CartLog {
  return cartLog ?? { base: cart, since: cart?.at ?? emptiedAt, changes: [], own };
}

function settle(carts: Carts, { base, since, changes, own }: CartLog): void {
  const apply = (cart: Cart | null, change: CartChange) => applyCartChange(cart, change, own);
  const excess = Math.max(0, changes.length - KEPT_CHANGES);
  const log = {
    base: changes.slice(0, excess).reduce(apply, base),
    since: changes[excess - 1]?.at ?? since,
    changes: changes.slice(excess),
    own,
  };
  carts.cart = log.changes.reduce(apply, log.base);
  if (log.changes.length > 0) carts.cartLog = log;
  else delete carts.cartLog;
  if (log.base === null) carts.emptiedAt = Math.max(carts.emptiedAt, log.since);
}

function byTime(a: CartChange, b: CartChange): number {
  return a.at - b.at || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}

function serialize({ base }: CartLog): string {
  return JSON.stringify(base);
}
