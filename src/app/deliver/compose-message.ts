import type { Tx } from '../../../db/client.ts';
import { type CmsVersion, readCmsVersion } from '../../../db/cms/cms-content.ts';
import type { ContentCache } from '../../../db/config/content-cache.ts';
import { isAddressOfOther } from '../../../db/identity/identities.ts';
import type { OutgoingMessage } from '../../channels/channel.ts';
import { contentPath } from '../../content/content-name.ts';
import { RendererUnavailable } from '../../content/render-thread.ts';
import { type Patience, RenderTooSlow } from '../../content/renderer.ts';
import { findChannel, readAddress } from '../../domain/customer/address.ts';
import { readTrait } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { buildCatalogueUrl } from './catalogue-link.ts';
import type { MessageDelivery, MessageFacts } from './message-delivery.ts';
import { buildLinks, buildListHeaders, type MessageLinks } from './message-links.ts';
import { type MessageInput, type RenderDeps, type RenderedMessage, renderMessage } from './render-message.ts';

export interface ComposeDeps extends RenderDeps {
  content: ContentCache;
  publicUrl: string;
  secret: string;
}

/** A message that can be sent. */
export interface ComposedMessage extends Pick<RenderedMessage, 'locale' | 'requestedLocale' | 'variant'> {
  kind: 'message';
  outgoing: OutgoingMessage;
  /** What of a CMS it was made of; missing: of a file of the bundle. */
  cms?: CmsVersion;
}

export type ComposeResult =
  | ComposedMessage
  /** No retry can succeed: the template fails, or there is no address. */
  | { kind: 'unsendable'; reason: string };

/**
 * Composes the message of a delivery, in steps: whom it goes to, its links, its content, and what is sent.
 * @throws RenderTooSlow, for impatient callers; RendererUnavailable
 */
export async function composeMessage(
  tx: Tx,
  deps: ComposeDeps,
  input: MessageInput,
  patience?: Patience,
): Promise<ComposeResult> {
  const { row, facts, bundle, now } = input;
  const recipient = await findRecipient(tx, row, facts, bundle);
  if ('unsendable' in recipient) return { kind: 'unsendable', reason: recipient.unsendable };
  const sentTo = { address: recipient.address, now };
  const links = buildLinks(deps, row, sentTo);
  const catalogueUrl = buildCatalogueUrl(deps, row, bundle, sentTo);
  const files = await deps.content(tx, row.workspace, row.bundleVersion);
  try {
    const rendered = await renderMessage(deps, files, { ...input, links, catalogueUrl }, patience);
    const { locale, requestedLocale, variant } = rendered;
    const outgoing = toOutgoing(rendered, { row, to: recipient.to, bundle, links });
    const cms = findCmsVersion(files, row, rendered);
    return {
      kind: 'message',
      outgoing,
      locale,
      requestedLocale,
      variant,
      ...(cms === null ? {} : { cms }),
    };
  } catch (error) {
    if (error instanceof RendererUnavailable || error instanceof RenderTooSlow) throw error;
    return { kind: 'unsendable', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Of the content file that was rendered. */
function findCmsVersion(
  files: ReadonlyMap<string, string>,
  { action, channel }: MessageDelivery,
  { locale, variant }: RenderedMessage,
): CmsVersion | null {
  const extension = channel === 'email' ? 'liquid' : 'txt';
  return readCmsVersion(files, contentPath(action, channel, locale, extension, variant));
}

function toOutgoing(
  { subject, html, text }: RenderedMessage,
  {
    row,
    to,
    bundle,
    links,
  }: { row: MessageDelivery; to: string; bundle: Bundle; links: MessageLinks | null },
): OutgoingMessage {
  return {
    deliveryId: row.id,
    workspace: row.workspace,
    channel: row.channel,
    class: row.class,
    to,
    from: bundle.workspace.sender,
    subject,
    html,
    text,
    headers: links ? buildListHeaders(links.unsubscribe) : {},
    preferencesUrl: links?.preferences ?? null,
  };
}

/** @returns the recipient, and the address that links are bound to: null on a channel without addresses */
async function findRecipient(
  tx: Tx,
  row: MessageDelivery,
  facts: MessageFacts,
  bundle: Bundle,
): Promise<{ to: string; address: string | null } | { unsendable: string }> {
  const to = readRecipient(row, facts, bundle);
  if (to === undefined) return { unsendable: describeMissingAddress(row, facts, bundle) };
  const trait = findChannel(bundle.workspace, row.channel)?.address ?? null;
  if (trait === null) return { to, address: null };
  if (await isClaimedElsewhere(tx, row, facts, { trait, address: to }))
    return { unsendable: 'a browser has stated this address, and it is that of another customer' };
  return { to, address: to };
}

/** Says whether there is no address, or one that nothing can be sent to. The value itself is personal. */
function describeMissingAddress(
  { channel }: MessageDelivery,
  { profile }: MessageFacts,
  bundle: Bundle,
): string {
  const trait = findChannel(bundle.workspace, channel)?.address ?? null;
  const value = trait === null ? undefined : readTrait(profile, trait);
  if (value === undefined || value === null || value === '')
    return channel === 'email'
      ? 'the customer has no e-mail address'
      : `the customer has no address for ${channel}`;
  return `the customer's ${trait} is not an address for ${channel}`;
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
  tx: Tx,
  { workspace }: MessageDelivery,
  { profile, customerId }: MessageFacts,
  { trait, address }: { trait: string; address: string },
): Promise<boolean> {
  if (!getOwn(profile.traits, trait)?.unproven) return false;
  return isAddressOfOther(tx, { workspace, customerId, address });
}
