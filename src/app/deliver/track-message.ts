import { trackLinks } from '../../content/track-links.ts';
import { createClickToken, createOpenToken, TRACKING_VALIDITY } from '../../content/tracking-token.ts';
import { mayProfile } from '../../domain/customer/profiling.ts';
import { isTrackedClass } from '../../domain/receipt.ts';
import type { ClaimedDelivery } from './claim-delivery.ts';
import type { ComposeDeps, ComposeResult } from './compose-message.ts';
import { computeExpiry } from './message-links.ts';

/**
 * Makes the links of a mail lead through this server, and adds the image that reports an open, as far as the workspace
 * counts them and the customer permits it. The plain text stays as it is.
 */
export function trackMessage(
  { publicUrl, secret }: Pick<ComposeDeps, 'publicUrl' | 'secret'>,
  { row, facts, tracking, now }: Pick<ClaimedDelivery, 'row' | 'facts' | 'tracking' | 'now'>,
  composed: ComposeResult,
): ComposeResult {
  if (composed.kind !== 'message' || composed.outgoing.html === null) return composed;
  const { clicks, opens } = tracking;
  if (!(clicks || opens) || !isTrackedClass(row.class) || !mayProfile(facts)) return composed;
  const expiresAt = computeExpiry(now, TRACKING_VALIDITY);
  const message = { workspace: row.workspace, deliveryId: row.id, expiresAt };
  const html = trackLinks(composed.outgoing.html, {
    link: clicks ? (link) => `${publicUrl}/r/${createClickToken(message, link, secret)}` : null,
    image: opens ? `${publicUrl}/o/${createOpenToken(message, secret)}.gif` : null,
    isExempt: (url) => OWN_PAGES.some((page) => url.startsWith(`${publicUrl}/${page}/`)),
  });
  return { ...composed, outgoing: { ...composed.outgoing, html } };
}

/** A link of these chooses for the customer: nobody else learns that it was followed. */
const OWN_PAGES = ['unsubscribe', 'preferences', 'erase', 'r', 'o'];
