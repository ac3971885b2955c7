import {
  type PageCustomer,
  type PageDelivery,
  viewPageCustomer,
  viewPageDelivery,
} from '../../../db/customers/choices-page.ts';
import { readClaimant } from '../../../db/customers/claimant.ts';
import { readUnsubscribeToken } from '../../content/unsubscribe-token.ts';
import { readCustomerLocale } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Api } from '../frame/operation.ts';
import { type Language, resolveLanguage } from './texts.ts';

/** The customer that a link belongs to, and what their pages show. */
export interface PageOwner extends PageCustomer {
  kind: 'owner';
  /** The customer of the message, after all merges. */
  customerId: string;
  workspace: string;
  /** Topic of the message; the whole channel if the delivery was deleted. */
  about: { deliveryId: string; purpose: string; channel: string; topic: string };
  bundle: Bundle | null;
  brand: string;
  language: Language;
  /** Journey time. */
  now: Instant;
}

export type Visitor = PageOwner | { kind: 'unknown' } | { kind: 'erased' };

/**
 * Reads a link. Its signature is the only authority: the holder of a message may choose for its customer. A link is
 * valid forever: after merges and unmerges for the current customer, and also after the delivery was deleted.
 */
export async function readVisitor({ deps }: Api, token: string): Promise<Visitor> {
  const { db, config, bundles } = deps;
  const id = readUnsubscribeToken(token, config.secret);
  if (id === null || id.includes('\u0000')) return { kind: 'unknown' };
  const delivery = await viewPageDelivery(db.sql, id);
  // By the customer id in the delivery id: a merge moves deliveries, and an unmerge does not move them back.
  const named = readCustomerId(id) ?? delivery?.customerId ?? null;
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
    about: describeMessage(id, delivery),
    bundle,
    brand: bundle?.workspace.name ?? workspace,
    language: resolveLanguage(readCustomerLocale(customer.profile) ?? bundle?.workspace.locales[0]),
    now: Math.max(Date.now(), customer.lastNow),
  };
}

/** Only marketing can be refused: the link of any other message stops the marketing of its channel. */
function describeMessage(deliveryId: string, delivery: PageDelivery | null): PageOwner['about'] {
  const channel = delivery?.channel ?? 'email';
  if (delivery?.class !== 'marketing') return { deliveryId, purpose: 'marketing', channel, topic: '*' };
  return { deliveryId, purpose: delivery.purpose, channel, topic: delivery.topic ?? '*' };
}

/** The id of a delivery contains the id of its customer (`src/app/decide/decision-ids.ts`). */
function readCustomerId(deliveryId: string): string | null {
  const [, id] = /^dlv_([0-9a-z]+)_/.exec(deliveryId) ?? [];
  return id === undefined ? null : `cus_${id}`;
}
