import type { CouponRow } from '../../../db/coupons/coupons.ts';
import { refusesProfiling } from '../../domain/customer/profiling.ts';
import { type RankedProduct, rankProducts } from '../../domain/customer/rank-products.ts';
import type { CatalogueDef } from '../../domain/definition.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { PageOwner } from './read-visitor.ts';

/** What the page shows of the message's coupon. `usable`: an order can still redeem it. */
export interface CouponView {
  state: 'usable' | 'redeemed' | 'expired' | 'revoked';
  code: string;
  percent: number;
  expiresAt: Instant;
}

export interface CatalogueView {
  products: RankedProduct[];
  /** The products were chosen by what the customer has looked at. */
  isPersonal: boolean;
  coupon: CouponView | null;
}

/** From this level on, "what you like and what you do" may choose what a customer sees. */
const LEVEL_OF_BEHAVIOUR = 2;

/** Chooses what the page shows. @param coupon that of the message; null: it carried none, or the link is old */
export function buildCatalogueView(
  owner: PageOwner,
  { products, limit }: CatalogueDef,
  coupon: CouponRow | null,
): CatalogueView {
  const isPersonal = mayPersonalize(owner);
  const profile = isPersonal ? owner.profile : { touches: [], orders: [] };
  return {
    products: rankProducts(products, profile, owner.now).slice(0, limit),
    isPersonal,
    coupon: coupon && toCouponView(coupon, owner.now),
  };
}

/** Whether the customer's own behaviour may choose the products. An old link is no proof of who looks at them. */
function mayPersonalize({ profile, bundle, consents, isLinkOld }: PageOwner): boolean {
  const level = profile.personalisation?.level ?? bundle?.workspace.personalisation ?? 0;
  return !isLinkOld && level >= LEVEL_OF_BEHAVIOUR && !refusesProfiling(consents);
}

/** A coupon expires by itself, and the row says so only some time later. */
function toCouponView({ state, code, percent, expiresAt }: CouponRow, now: Instant): CouponView {
  const shown = state === 'issued' ? (expiresAt <= now ? 'expired' : 'usable') : state;
  return { state: shown, code, percent, expiresAt };
}
