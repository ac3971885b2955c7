import type { Candidate } from '../../domain/candidate.ts';
import { toText } from '../../domain/event.ts';
import type { ConditionSlice } from '../../domain/facts.ts';
import type { DecisionRequest } from '../request.ts';
import { buildScope } from '../scope.ts';

/** Part of a key in the database. */
const LONGEST = 255;

export type CouponOnceResult = { ok: true; once: string } | { ok: false; error: string };

/** What a coupon is for (`coupon.once`), of a candidate whose action has one. */
export function evaluateCouponOnce(
  candidate: Candidate,
  request: DecisionRequest<ConditionSlice>,
): CouponOnceResult {
  const { coupon } = candidate.action;
  if (coupon === null) return { ok: false, error: 'the action has no coupon' };
  const result = request.evaluate(coupon.once, buildScope(candidate, request));
  if (!result.ok) return result;
  const once = toText(result.value);
  if (once === undefined) return { ok: false, error: 'gives no text and no number' };
  if (once.length > LONGEST) return { ok: false, error: `gives more than ${LONGEST} characters` };
  return { ok: true, once };
}

/** What its coupon is for; null without one. The gate has blocked one that can't say. */
export function findCouponOnce(
  candidate: Candidate,
  request: DecisionRequest<ConditionSlice>,
): string | null {
  const read = candidate.action.coupon === null ? null : evaluateCouponOnce(candidate, request);
  return read?.ok ? read.once : null;
}
