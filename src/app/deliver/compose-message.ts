import type { Database } from '../../../db/client.ts';
import type { ContentCache } from '../../../db/config/content-cache.ts';
import type { DeliveryRow } from '../../../db/deliveries/deliveries.ts';
import { isAddressOfOther } from '../../../db/identity/identities.ts';
import type { OutgoingMessage } from '../../channels/channel.ts';
import { createLinkToken, LINK_VALIDITY } from '../../content/link-token.ts';
import { RendererUnavailable } from '../../content/render-thread.ts';
import type { Renderer } from '../../content/renderer.ts';
import { findChannel, readAddress } from '../../domain/customer/address.ts';
import {
  type AttributeRead,
  dataUseOf,
  readAccountTraits,
  readTraits,
} from '../../domain/customer/attribute.ts';
import { readCustomerLocale } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';
import { readCartItems, readProperties } from '../../domain/event-properties.ts';
import type { ConditionFacts, CouponFact } from '../../domain/facts.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { toDecimal } from '../../domain/values/money.ts';

export interface ComposeDeps {
  db: Database;
  content: ContentCache;
  renderer: Renderer;
  publicUrl: string;
  secret: string;
}

export interface ComposedMessage {
  kind: 'message';
  outgoing: OutgoingMessage;
  locale: string;
  variant: string | null;
}

export type ComposeResult =
  | ComposedMessage
  /** No retry can succeed: the template fails, or there is no address. */
  | { kind: 'unsendable'; reason: string };

/** Links to unsubscribe and to choose preferences. */
interface Links {
  unsubscribe: string;
  preferences: string;
}

/** The delivery that a message is for; in a real-time decision, the delivery that it becomes once it is shown. */
export type MessageDelivery = Pick<
  DeliveryRow,
  'id' | 'workspace' | 'action' | 'class' | 'channel' | 'variant' | 'bundleVersion' | 'entry' | 'couponId'
>;

/** The facts that a message may use. */
export interface MessageFacts extends ConditionFacts {
  /** The customer's coupons; without them, the message carries none. */
  coupons?: CouponFact[] | null;
}

/**
 * Composes the message of a delivery from the action's content and the customer's facts.
 * @throws RendererUnavailable
 */
export async function composeMessage(
  deps: ComposeDeps,
  row: MessageDelivery,
  facts: MessageFacts,
  bundle: Bundle,
  now: Instant,
): Promise<ComposeResult> {
  const to = readRecipient(row, facts, bundle);
  if (to === undefined)
    return { kind: 'unsendable', reason: NO_ADDRESS[row.channel] ?? describeMissingAddress(row.channel) };
  const { workspace } = bundle;
  const trait = findChannel(workspace, row.channel)?.address ?? null;
  if (trait !== null && (await isClaimedElsewhere(deps, row, facts, { trait, address: to })))
    return {
      kind: 'unsendable',
      reason: 'a browser has stated this address, and it is that of another customer',
    };
  const links = buildLinks(deps, row, { address: trait === null ? null : to, now });
  const fallbackLocale = workspace.locales[0] ?? 'en';
  const request = {
    files: await deps.content(deps.db.sql, row.workspace, row.bundleVersion),
    action: row.action,
    channel: row.channel,
    locale: readCustomerLocale(facts.profile) ?? fallbackLocale,
    fallbackLocale,
    variant: row.variant,
    data: buildTemplateData(row, facts, bundle, links, now),
  };
  try {
    const { locale, variant, ...content } =
      row.channel === 'email'
        ? await deps.renderer.email(request)
        : { subject: null, html: null, ...(await deps.renderer.text(request)) };
    const outgoing = {
      deliveryId: row.id,
      workspace: row.workspace,
      channel: row.channel,
      class: row.class,
      to,
      from: workspace.sender,
      ...content,
      headers: links ? buildListHeaders(links.unsubscribe) : {},
      preferencesUrl: links?.preferences ?? null,
    };
    return { kind: 'message', outgoing, locale, variant };
  } catch (error) {
    if (error instanceof RendererUnavailable) throw error;
    return { kind: 'unsendable', reason: error instanceof Error ? error.message : String(error) };
  }
}

const NO_ADDRESS: Record<string, string> = { email: 'the customer has no e-mail address' };

function describeMissingAddress(channel: string): string {
  return `the customer has no address for ${channel}`;
}

/** Reads the recipient's address; on a channel without addresses, the customer's id. */
function readRecipient(
  { channel }: MessageDelivery,
  { profile, customerId }: MessageFacts,
  bundle: Bundle,
): string | undefined {
  const definition = findChannel(bundle.workspace, channel);
  if (!definition) return undefined;
  return definition.address === null
    ? customerId
    : readAddress(profile, definition, bundle.workspace.country);
}

/** Whether the address, which only a browser key has stated, is that of another customer: a server has said so. */
async function isClaimedElsewhere(
  { db }: ComposeDeps,
  { workspace }: MessageDelivery,
  { profile, customerId }: MessageFacts,
  { trait, address }: { trait: string; address: string },
): Promise<boolean> {
  if (!getOwn(profile.traits, trait)?.unproven) return false;
  return isAddressOfOther(db.sql, { workspace, customerId, address });
}

/**
 * Builds the links of a marketing message; other classes carry none. The tokens name the delivery, but no person. The
 * link to the preferences works only while the address is one of the customer's.
 */
function buildLinks(
  { publicUrl, secret }: ComposeDeps,
  { id, class: actionClass }: MessageDelivery,
  { address, now }: { address: string | null; now: Instant },
): Links | null {
  if (actionClass !== 'marketing') return null;
  // Journey time may be ahead of the wall clock, which links expire by.
  const from = Math.max(now, Date.now());
  const unsubscribe = createLinkToken(
    'unsubscribe',
    { id, expiresAt: from + LINK_VALIDITY.unsubscribe },
    secret,
  );
  const claims = { id, expiresAt: from + LINK_VALIDITY.preferences, address };
  return {
    unsubscribe: `${publicUrl}/unsubscribe/${unsubscribe}`,
    preferences: `${publicUrl}/preferences/${createLinkToken('preferences', claims, secret)}`,
  };
}

/** Builds the data that templates can read. Of the customer's attributes only those permitted for the action (C-2). */
function buildTemplateData(
  row: MessageDelivery,
  facts: MessageFacts,
  bundle: Bundle,
  links: Links | null,
  now: Instant,
): Record<string, unknown> {
  const { profile, tickets, account } = facts;
  const use = dataUseOf(row);
  const open = tickets.filter((ticket) => ticket.status === 'open' && ticket.ownerId === null);
  return {
    traits: readValues(readTraits(facts, use, now)),
    account: account && { ...readValues(readAccountTraits(facts, use, now)), id: account.id },
    event: { name: row.entry.name, properties: readProperties(row.entry, facts.eventTypes) },
    cart: profile.cart && {
      ...profile.cart,
      items: readCartItems(profile.cart.items),
      total: toDecimalOrNull(profile.cart),
    },
    orders: profile.orders.map((order) => ({
      ...order,
      total: toDecimalOrNull(order),
      refunded: toDecimal(order.refunded ?? 0, order.currency),
    })),
    tickets: open.map(({ id, subject, severity }) => ({ id, subject, severity })),
    coupon: readCoupon(row, facts),
    workspace: readWorkspace(bundle),
    delivery: { id: row.id },
    ...(links ? { unsubscribe_url: links.unsubscribe, preferences_url: links.preferences } : {}),
  };
}

function readWorkspace({ workspace: { id, name, currency, timezone } }: Bundle): Record<string, unknown> {
  return { id, name, currency, timezone };
}

/** Reads the coupon that this message carries, or null. */
function readCoupon(
  { couponId }: MessageDelivery,
  { coupons }: MessageFacts,
): Record<string, unknown> | null {
  const coupon = couponId === null ? undefined : coupons?.find(({ id }) => id === couponId);
  if (!coupon) return null;
  const { code, percent, expiresAt } = coupon;
  return { code, percent, expiresAt: iso(expiresAt) };
}

function readValues(reads: Map<string, AttributeRead>): Record<string, unknown> {
  return Object.fromEntries([...reads].map(([name, { value }]) => [name, value]));
}

/** Converts minor units to the decimal number that templates print. */
function toDecimalOrNull({ total, currency }: { total: number | null; currency: string }): number | null {
  return total === null ? null : toDecimal(total, currency);
}

/** Headers for one-click unsubscribing (RFC 8058). */
function buildListHeaders(url: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}
