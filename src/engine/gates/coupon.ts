import { AGENT_DESK, type Candidate, type GateVerdict, REALTIME } from '../../domain/candidate.ts';
import type { CouponFact, Facts } from '../../domain/facts.ts';
import type { Instant } from '../../domain/time/time.ts';
import { evaluateCouponOnce } from '../treatment/coupon-once.ts';
import { block, type Gate, pass } from './gate.ts';

const GATE = 'coupon';
const RULE = 'coupon';
/** Never renamed: it stands in deliveries that were refused, and is looked for there. */
const ISSUED = 'coupon_issued';

/**
 * One coupon for each `once`, whoever asks again. One that nobody was told of, because its messages were called off
 * before they left, may be given again. A journey's messages carry coupons, and nothing else does.
 */
export const coupon: Gate = (candidate, situation) => {
  const { action, channel, enrollment } = candidate;
  if (action.coupon === null) return pass(GATE);
  if (channel === AGENT_DESK || enrollment.id === REALTIME)
    return [block(GATE, 'not_supported', { rule: RULE, needed: 'a message' })];
  const read = evaluateCouponOnce(candidate, situation);
  if (!read.ok)
    return [block(GATE, 'error', { rule: RULE, observed: read.error, needed: action.coupon.once })];
  const { facts } = situation;
  const known = facts.coupons.find((one) => one.action === action.id && one.once === read.once);
  if (known ? isGiven(known) : isAnothers(candidate, facts))
    return [block(GATE, ISSUED, { rule: RULE, observed: known?.id ?? read.once })];
  return pass(GATE, RULE);
};

function isGiven({ state, isCommunicated: told }: CouponFact): boolean {
  return told || state === 'redeemed' || state === 'revoked';
}

/** The claim has just found that another customer had got it first: only the claim can know. */
function isAnothers({ action, enrollment }: Candidate, { deliveries }: Pick<Facts, 'deliveries'>): boolean {
  return deliveries.some(
    (d) => d.enrollmentId === enrollment.id && d.action === action.id && d.refusal?.code === ISSUED,
  );
}

/** Whether a message may leave with this coupon, which its decision has issued for it; null: it got none. */
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
