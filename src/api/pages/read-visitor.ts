import {
  type PageCustomer,
  type PageDelivery,
  viewPageCustomer,
  viewPageDelivery,
} from '../../../db/customers/choices-page.ts';
import { readClaimant } from '../../../db/customers/claimant.ts';
import { readProofAddress } from '../../../db/customers/proof-address.ts';
import { type LinkPurpose, readLinkToken } from '../../content/link-token.ts';
import { listAddresses } from '../../domain/customer/address.ts';
import { maskAddress } from '../../domain/customer/mask-address.ts';
import { readCustomerLocale, readEmail } from '../../domain/customer/profile.ts';
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
  /** What the link is about: a delivery, or the customer. */
  linkId: string;
  /**
   * The link has expired, or was sent to an address that is none of the customer's any more. It may withdraw consents,
   * which needs no proof, and request a new link; it shows and changes nothing else.
   */
  isLinkOld: boolean;
  /** Where links that need proof are mailed; null if there is no such address. */
  proofAddress: string | null;
  /** Topic of the message; the whole channel if there is no delivery, or it was deleted. */
  about: {
    deliveryId: string | null;
    purpose: string;
    channel: string;
    topic: string;
    action: string | null;
    couponId: string | null;
  };
  bundle: Bundle | null;
  brand: string;
  /** The address of the message, or the customer's mail address, with most of it hidden; null: neither is known. */
  maskedAddress: string | null;
  language: Language;
  /** Journey time. */
  now: Instant;
}

export type Visitor = PageOwner | { kind: 'unknown' } | { kind: 'erased' };

/**
 * Reads a link of a message, or of a mail that the customer has requested. Its signature is the only authority: the
 * bearer may choose for the customer. It holds for the current customer after merges and unmerges, and also after the
 * delivery was deleted.
 */
export async function readVisitor(
  { deps }: Api,
  purpose: Exclude<LinkPurpose, 'erase' | 'inbox'>,
  token: string,
): Promise<Visitor> {
  const { db, config, bundles } = deps;
  const link = readLinkToken(purpose, token, { ...config, now: Date.now() });
  if (link === null || link.id.includes('\u0000')) return { kind: 'unknown' };
  const { id } = link;
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
  const proofAddress = await readProofAddress(db.sql, customerId);
  const addresses = listCurrentAddresses(customer, bundle, proofAddress);
  const about = describeMessage(id, delivery);
  return {
    ...customer,
    kind: 'owner',
    customerId,
    workspace,
    linkId: id,
    proofAddress,
    isLinkOld: link.isExpired || !link.wasSentTo(addresses),
    about,
    bundle,
    brand: bundle?.workspace.name ?? workspace,
    maskedAddress: maskAddressOf(customer, bundle, about),
    language: resolveLanguage(readCustomerLocale(customer.profile), bundle?.workspace.locales[0]),
    now: Math.max(Date.now(), customer.lastNow),
  };
}

/** The addresses that messages go to now, and the one that proofs go to. */
function listCurrentAddresses(
  { profile }: PageCustomer,
  bundle: Bundle | null,
  proof: string | null,
): string[] {
  const current = bundle
    ? listAddresses(profile, bundle.workspace).map(({ address }) => address)
    : [readEmail(profile)];
  return [...current, proof].filter((address) => typeof address === 'string');
}

function maskAddressOf(
  { profile }: PageCustomer,
  bundle: Bundle | null,
  { channel }: PageOwner['about'],
): string | null {
  const all = bundle ? listAddresses(profile, bundle.workspace) : [];
  const address = all.find((own) => own.channel === channel)?.address ?? readEmail(profile);
  return address === undefined ? null : maskAddress(address);
}

/** Only marketing can be refused: the link of any other message stops the marketing of its channel. */
function describeMessage(id: string, delivery: PageDelivery | null): PageOwner['about'] {
  const channel = delivery?.channel ?? 'email';
  const deliveryId = id.startsWith(CUSTOMER_ID) ? null : id;
  const { action = null, couponId = null } = delivery ?? {};
  const about = { deliveryId, channel, action, couponId };
  if (delivery?.class !== 'marketing') return { ...about, purpose: 'marketing', topic: '*' };
  return { ...about, purpose: delivery.purpose, topic: delivery.topic ?? '*' };
}

const CUSTOMER_ID = 'cus_';

/** The id of a delivery contains the id of its customer (`src/app/decide/decision-ids.ts`). */
function readCustomerId(linkId: string): string | null {
  if (linkId.startsWith(CUSTOMER_ID)) return linkId;
  const [, id] = /^dlv_([0-9a-z]+)_/.exec(linkId) ?? [];
  return id === undefined ? null : `cus_${id}`;
}
