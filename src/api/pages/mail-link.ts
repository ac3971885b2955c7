import { LRUCache } from 'lru-cache';
import { createLinkToken, LINK_VALIDITY, type LinkPurpose } from '../../content/link-token.ts';
import { MINUTE } from '../../domain/time/time.ts';
import type { Api } from '../frame/operation.ts';
import type { PageOwner } from './read-visitor.ts';
import { fillTemplate, type Texts } from './texts.ts';

/** One customer gets one mail for a purpose in this time, however often the button is pressed. */
const PAUSE = 10 * MINUTE;
const KEPT = 10_000;

/** What a customer can have mailed. */
type MailedPurpose = Extract<LinkPurpose, 'preferences' | 'erase'>;

/** `no_mail`: this server sends no mail, or knows no address that proves who reads it. */
export type MailAnswer = 'mailed' | 'no_mail' | 'failed';

/** Mails a link for one purpose to the customer. */
export type MailLink = (purpose: MailedPurpose, owner: PageOwner) => Promise<MailAnswer>;

const TEXTS: Record<MailedPurpose, { subject: keyof Texts; text: keyof Texts }> = {
  preferences: { subject: 'linkMailSubject', text: 'linkMailText' },
  erase: { subject: 'eraseMailSubject', text: 'eraseMailText' },
};

/**
 * Sends links that need proof to the address by which the customer has been known for the longest time. A link in a
 * message is no proof: messages are forwarded, and the address may be a new one.
 */
export function createMailLink({ deps }: Api): MailLink {
  const mailed = new LRUCache<string, true>({ max: KEPT, ttl: PAUSE });
  return async (purpose, { customerId, workspace, bundle, brand, language, proofAddress: to }) => {
    if (!deps.sendMail || !bundle || to === null) return 'no_mail';
    const once = `${purpose} ${customerId}`;
    if (mailed.has(once)) return 'mailed';
    mailed.set(once, true);
    const expiresAt = Date.now() + LINK_VALIDITY[purpose];
    const claims = { id: customerId, expiresAt, address: purpose === 'preferences' ? to : null };
    const link = `${deps.config.publicUrl}/${purpose}/${createLinkToken(purpose, claims, deps.config.secret)}`;
    const { texts } = language;
    const isSent = await deps.sendMail({
      id: `${purpose}-${customerId}-${expiresAt}`,
      workspace,
      to,
      from: bundle.workspace.sender,
      subject: fillTemplate(texts[TEXTS[purpose].subject], { brand }),
      text: fillTemplate(texts[TEXTS[purpose].text], { brand, link }),
    });
    if (!isSent) mailed.delete(once);
    return isSent ? 'mailed' : 'failed';
  };
}
