import type { Candidate } from '../../domain/candidate.ts';
import { toText } from '../../domain/event.ts';
import type { ConditionSlice } from '../../domain/facts.ts';
import type { DecisionRequest } from '../request.ts';
import { buildScope } from '../scope.ts';

/** `once` is part of a key in the database. */
const MAX_LENGTH = 255;

export type CouponOnceResult = { ok: true; once: string } | { ok: false; error: string };

/** Evaluates what a candidate's coupon is for (`coupon.once`). */
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
  if (once.length > MAX_LENGTH) return { ok: false, error: `gives more than ${MAX_LENGTH} characters` };
  return { ok: true, once };
}

/** What a candidate's coupon is for; null without one. The gate `coupon` has blocked a failed evaluation. */
export function findCouponOnce(
  candidate: Candidate,
  request: DecisionRequest<ConditionSlice>,
): string | null {
  const result = candidate.action.coupon === null ? null : evaluateCouponOnce(candidate, request);
  return result?.ok ? result.once : null;
}
