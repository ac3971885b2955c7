import { AGENT_DESK, type Candidate, type GateVerdict } from '../../domain/candidate.ts';
import type { ConditionSlice, ContactFacts, CouponFact } from '../../domain/facts.ts';
import type { Instant } from '../../domain/time/time.ts';
import { GATE_FAILED } from '../../domain/verdict-code.ts';
import { evaluateCouponOnce } from '../treatment/coupon-once.ts';
import { block, type Gate, pass } from './gate.ts';

const GATE = 'coupon';
const RULE = 'coupon';
/** Never renamed: deliveries keep it as the code of their refusal. */
const ISSUED = 'coupon_issued';

/**
 * One coupon for each `once`. A coupon that reached no customer, because its messages were cancelled before they left,
 * may be given again. Only a journey's messages carry coupons.
 */
export const coupon: Gate<ConditionSlice | 'offers' | 'contacts'> = (candidate, request) => {
  const { action, channel } = candidate;
  if (action.coupon === null) return pass(GATE);
  if (channel === AGENT_DESK || !request.policy.carriesCoupons)
    return [block(GATE, 'not_supported', { rule: RULE, needed: 'a message' })];
  const purpose = evaluateCouponOnce(candidate, request);
  if (!purpose.ok)
    return [block(GATE, GATE_FAILED, { rule: RULE, observed: purpose.error, needed: action.coupon.once })];
  const { facts } = request;
  if (facts.coupons === null) throw new Error(`the coupons of ${action.id} were not read`);
  const earlier = facts.coupons.find(({ action: id, once }) => id === action.id && once === purpose.once);
  if (earlier ? isGiven(earlier) : isGivenToAnother(candidate, facts))
    return [block(GATE, ISSUED, { rule: RULE, observed: earlier?.id ?? purpose.once })];
  return pass(GATE, RULE);
};

function isGiven({ state, isCommunicated }: CouponFact): boolean {
  return isCommunicated || state === 'redeemed' || state === 'revoked';
}

/**
 * Another customer has got it. Only a claim can see that, since a decision reads its own customer's coupons: the claim
 * held this enrollment's delivery with the code of this gate.
 */
function isGivenToAnother(
  { action, enrollment }: Candidate,
  { deliveries }: Pick<ContactFacts, 'deliveries'>,
): boolean {
  return deliveries.some(
    ({ enrollmentId, action: id, refusal }) =>
      enrollmentId === enrollment.id && id === action.id && refusal?.code === ISSUED,
  );
}

/** Judges the coupon that a delivery's decision has issued for it; null: the decision got none. */
export function judgeCouponAtClaim(
  action: Candidate['action'],
  issued: CouponFact | null,
  now: Instant,
): GateVerdict[] {
  if (action.coupon === null) return [];
  if (issued === null) return [block(GATE, ISSUED, { rule: RULE })];
  if (issued.state !== 'issued')
    return [block(GATE, `coupon_${issued.state}`, { rule: RULE, observed: issued.id })];
  if (issued.expiresAt <= now) return [block(GATE, 'coupon_expired', { rule: RULE, observed: issued.id })];
  return [];
}
