import { createLinkToken, LINK_VALIDITY } from '../../content/link-token.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Instant } from '../../domain/time/time.ts';
import { computeExpiry } from './message-links.ts';

/**
 * The link of a message to its catalogue; null for a workspace without one. The token names the delivery, but no person,
 * and is personal only while the address is one of the customer's.
 */
export function buildCatalogueUrl(
  { publicUrl, secret }: { publicUrl: string; secret: string },
  { id }: { id: string },
  { catalogue }: Pick<Bundle, 'catalogue'>,
  { address, now }: { address: string | null; now: Instant },
): string | null {
  if (!catalogue) return null;
  const expiresAt = computeExpiry(now, LINK_VALIDITY.catalogue);
  return `${publicUrl}/catalogue/${createLinkToken('catalogue', { id, expiresAt, address }, secret)}`;
}
