import { createLinkToken, LINK_VALIDITY } from '../../content/link-token.ts';
import type { Instant, Millis } from '../../domain/time/time.ts';
import type { MessageDelivery } from './message-delivery.ts';

/** Links to unsubscribe and to choose preferences. */
export interface MessageLinks {
  unsubscribe: string;
  preferences: string;
}

/**
 * Builds the links of a marketing message; other classes carry none. The tokens name the delivery, but no person. The
 * link to the preferences works only while the address is one of the customer's.
 */
export function buildLinks(
  { publicUrl, secret }: { publicUrl: string; secret: string },
  { id, class: actionClass }: MessageDelivery,
  { address, now }: { address: string | null; now: Instant },
): MessageLinks | null {
  if (actionClass !== 'marketing') return null;
  const unsubscribe = createLinkToken(
    'unsubscribe',
    { id, expiresAt: computeExpiry(now, LINK_VALIDITY.unsubscribe) },
    secret,
  );
  const claims = { id, expiresAt: computeExpiry(now, LINK_VALIDITY.preferences), address };
  return {
    unsubscribe: `${publicUrl}/unsubscribe/${unsubscribe}`,
    preferences: `${publicUrl}/preferences/${createLinkToken('preferences', claims, secret)}`,
  };
}

/** When a link of a message expires. Journey time may be ahead of the wall clock, which links expire by. */
export function computeExpiry(now: Instant, validity: Millis): Instant {
  return Math.max(now, Date.now()) + validity;
}

/** Headers for one-click unsubscribing (RFC 8058). */
export function buildListHeaders(url: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}
