import { LRUCache } from 'lru-cache';
import { readFirstAddress } from '../../../db/customers/first-address.ts';
import { createLinkToken } from '../../content/link-token.ts';
import { readEmail } from '../../domain/customer/profile.ts';
import { HOUR, MINUTE } from '../../domain/time/time.ts';
import type { Api } from '../frame/operation.ts';
import type { PageOwner } from './read-visitor.ts';
import { fillTemplate } from './texts.ts';

/** How long the link of the confirmation is valid. */
const VALID = 24 * HOUR;
/** One customer gets one confirmation in this time, however often the button is pressed. */
const PAUSE = 10 * MINUTE;
const KEPT = 10_000;

/** `no_mail`: this server sends no mail, or knows no address of the customer. */
export type ErasureAnswer = 'mailed' | 'no_mail' | 'failed';

/**
 * Sends the link that erases a customer to the address by which the customer has been known for the longest time. A
 * link in a message is no proof: messages are forwarded, and the address may be a new one.
 */
export function createRequestErasure({ deps }: Api): (owner: PageOwner) => Promise<ErasureAnswer> {
  const mailed = new LRUCache<string, true>({ max: KEPT, ttl: PAUSE });
  return async ({ customerId, workspace, profile, bundle, brand, language }) => {
    const to = (await readFirstAddress(deps.db.sql, customerId)) ?? readEmail(profile);
    if (!deps.sendMail || !bundle || to === undefined) return 'no_mail';
    if (mailed.has(customerId)) return 'mailed';
    mailed.set(customerId, true);
    const expiresAt = Date.now() + VALID;
    const token = createLinkToken('erase', { id: customerId, expiresAt }, deps.config.secret);
    const link = `${deps.config.publicUrl}/erase/${token}`;
    const { texts } = language;
    const isSent = await deps.sendMail({
      id: `erase-${customerId}-${expiresAt}`,
      workspace,
      to,
      from: bundle.workspace.sender,
      subject: fillTemplate(texts.eraseMailSubject, { brand }),
      text: fillTemplate(texts.eraseMailText, { brand, link }),
    });
    if (!isSent) mailed.delete(customerId);
    return isSent ? 'mailed' : 'failed';
  };
}
