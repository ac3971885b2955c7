import type { Commerce, Order } from './commerce.ts';
import type { Profile } from './profile.ts';

/** What only the fold of the log reads: its memory of what was said before, and of how orders and carts came about. */
type FoldMemory = 'statements' | 'emptiedAt' | 'cartLog' | 'older' | 'returns';

/**
 * A profile as decisions, conditions and templates read it. A recorded decision keeps no more of it, so no more may have
 * influenced the decision.
 */
export interface ReadProfile extends Omit<Profile, FoldMemory | keyof Commerce>, ReadCommerce {}

interface ReadCommerce extends Omit<Commerce, FoldMemory | 'orders'> {
  orders: ReadOrder[];
}

type ReadOrder = Omit<Order, 'account'>;

/** Leaves out the memory of the fold. */
export function withoutFoldMemory(profile: ReadProfile): ReadProfile {
  const {
    statements: _,
    emptiedAt: __,
    cartLog: ___,
    older: ____,
    returns: _____,
    ...read
  } = profile as Profile;
  return { ...read, orders: read.orders.map(({ account: _, ...order }) => order) };
}
