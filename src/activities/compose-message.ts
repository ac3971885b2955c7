import type { Database } from '../../db/client.ts';
import type { ContentCache } from '../../db/content-cache.ts';
import type { DeliveryRow } from '../../db/queries/deliveries.ts';
import type { Outgoing } from '../channels/channel.ts';
import type { RenderEmail } from '../content/render.ts';
import { unsubscribeToken } from '../content/unsubscribe-token.ts';
import type { Facts } from '../domain/context.ts';
import type { Bundle } from '../domain/definition.ts';
import { emailOf, trait } from '../domain/profile.ts';

export interface ComposeDeps {
  db: Database;
  content: ContentCache;
  render: RenderEmail;
  publicUrl: string;
  secret: string;
}

export type Composed =
  | { kind: 'message'; outgoing: Outgoing; locale: string }
  /** It will never be sendable: its template fails, or there is no address. */
  | { kind: 'unsendable'; reason: string };

/** Makes the message of a delivery out of the action's content and the customer's facts. */
export async function composeMessage(
  deps: ComposeDeps,
  row: DeliveryRow,
  facts: Facts,
  bundle: Bundle,
): Promise<Composed> {
  const to = emailOf(facts.profile);
  if (to === undefined) return { kind: 'unsendable', reason: 'the customer has no e-mail address' };
  const { workspace } = bundle;
  const unsubscribeUrl = `${deps.publicUrl}/unsubscribe/${unsubscribeToken(row.id, deps.secret)}`;
  const locale = trait(facts.profile, 'locale');
  const fallbackLocale = workspace.locales[0] ?? 'en';
  const files = await deps.content(deps.db.sql, row.workspace, row.bundleVersion);
  try {
    const rendered = deps.render({
      files,
      action: row.action,
      locale: typeof locale === 'string' ? locale : fallbackLocale,
      fallbackLocale,
      data: dataFor(row, facts, bundle, unsubscribeUrl),
    });
    const headers = row.class === 'marketing' ? listHeaders(unsubscribeUrl) : {};
    const { subject, html, text } = rendered;
    const outgoing = { deliveryId: row.id, to, from: workspace.sender, subject, html, text, headers };
    return { kind: 'message', outgoing, locale: rendered.locale };
  } catch (error) {
    return { kind: 'unsendable', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** What templates can name. */
function dataFor(
  row: DeliveryRow,
  facts: Facts,
  bundle: Bundle,
  unsubscribeUrl: string,
): Record<string, unknown> {
  const { profile, tickets } = facts;
  const traits = Object.fromEntries(Object.entries(profile.traits).map(([key, t]) => [key, t.value]));
  const open = tickets.filter((ticket) => ticket.status === 'open');
  return {
    traits,
    event: { name: row.entry.name, properties: row.entry.properties },
    cart: profile.cart && { ...profile.cart, total: decimal(profile.cart.total) },
    orders: profile.orders.map((order) => ({ ...order, total: decimal(order.total) })),
    tickets: open.map(({ id, subject, severity }) => ({ id, subject, severity })),
    workspace: { id: bundle.workspace.id, name: bundle.workspace.name, currency: bundle.workspace.currency },
    delivery: { id: row.id },
    ...(row.class === 'marketing' ? { unsubscribe_url: unsubscribeUrl } : {}),
  };
}

/** Templates print money as people read it. */
function decimal(minor: number | null): number | null {
  return minor === null ? null : minor / 100;
}

/** RFC 8058: one click, no login. */
function listHeaders(url: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}
