import { type Instant, MINUTE, type Millis } from '../../domain/time/time.ts';
import { GENUINE, type Verification } from './webhook-kind.ts';

/** The tolerance of Standard Webhooks, Stripe and others, in either direction. */
const TOLERANCE: Millis = 5 * MINUTE;

/**
 * Checks the time that a vendor signed with its request: an older one may be a replay. Call it after the signature was
 * verified, or the time proves nothing.
 */
export function checkSignedTime(signedAt: Instant, receivedAt: Instant): Verification {
  if (Math.abs(receivedAt - signedAt) <= TOLERANCE) return GENUINE;
  return {
    kind: 'refused',
    code: 'webhook_expired',
    reason: `the request was signed more than ${TOLERANCE / MINUTE} minutes ago, or the clocks differ: send it again`,
  };
}
