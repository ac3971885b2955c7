import {
  type PageCustomer,
  type PageDelivery,
  viewPageCustomer,
  viewPageDelivery,
} from '../../../db/customers/choices-page.ts';
import { readClaimant } from '../../../db/customers/claimant.ts';
import { readUnsubscribeToken } from '../../content/unsubscribe-token.ts';
import { readTrait } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Api } from '../frame/operation.ts';
import { type Language, resolveLanguage } from './texts.ts';

/** Whom a link belongs to, and what they may see of themselves. */
export interface PageOwner extends PageCustomer {
  kind: 'owner';
  /** Who answers for the customer of the message today. */
  customerId: string;
  workspace: string;
  /** What the message was about; all of its channel where it isn't known any more. */
  about: { deliveryId: string; purpose: string; channel: string; topic: string };
  bundle: Bundle | null;
  brand: string;
  language: Language;
  /** Journey time. */
  now: Instant;
}

export type Visitor = PageOwner | { kind: 'unknown' } | { kind: 'erased' };

/**
 * Reads a link. Its signature is the whole authority: whoever holds the message may choose for its customer. It works
 * for ever: after merges and unmerges for who answers today, and also when the delivery itself isn't kept any more.
 */
export async function readVisitor({ deps }: Api, token: string): Promise<Visitor> {
  const { db, config, bundles } = deps;
  const id = readUnsubscribeToken(token, config.secret);
  if (id === null || id.includes('\u0000')) return { kind: 'unknown' };
  const delivery = await viewPageDelivery(db.sql, id);
  // By the id that it was made for: a merge re-points deliveries, and an unmerge doesn't give them back.
  const named = customerIn(id) ?? delivery?.customerId ?? null;
  const claimant = named === null ? null : await readClaimant(db.sql, named);
  if (!claimant) return { kind: 'unknown' };
  if (claimant.erased) return { kind: 'erased' };
  const { customerId, workspace, configVersion } = claimant;
  const customer = await viewPageCustomer(db.sql, customerId);
  if (!customer) return { kind: 'unknown' };
  const bundle = configVersion > 0 ? await bundles(db.sql, workspace, configVersion) : null;
  return {
    ...customer,
    kind: 'owner',
    customerId,
    workspace,
    about: aboutOf(id, delivery),
    bundle,
    brand: bundle?.workspace.name ?? workspace,
    language: resolveLanguage(readTrait(customer.profile, 'locale') ?? bundle?.workspace.locales[0]),
    now: Math.max(Date.now(), customer.lastNow),
  };
}

/** Only marketing can be refused; from any other message the link stops the marketing of its channel. */
function aboutOf(deliveryId: string, delivery: PageDelivery | null): PageOwner['about'] {
  const channel = delivery?.channel ?? 'email';
  if (delivery?.class !== 'marketing') return { deliveryId, purpose: 'marketing', channel, topic: '*' };
  return { deliveryId, purpose: delivery.purpose, channel, topic: delivery.topic ?? '*' };
}

/** A delivery's id begins with its customer's (`src/activities/ids.ts`). */
function customerIn(deliveryId: string): string | null {
  const [, id] = /^dlv_([0-9a-z]+)_/.exec(deliveryId) ?? [];
  return id === undefined ? null : `cus_${id}`;
}
