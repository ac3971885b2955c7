import type { Database } from '../../../../db/client.ts';
import type { ContentCache } from '../../../../db/config/content-cache.ts';
import { RenderTooSlow } from '../../../content/renderer.ts';
import { findChannel } from '../../../domain/customer/address.ts';
import type { ActionDef, Bundle } from '../../../domain/definition.ts';
import type { ConditionFacts } from '../../../domain/facts.ts';
import { NO_ENTRY } from '../../../domain/state.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { type ComposeDeps, type ComposeResult, composeMessage } from '../../deliver/compose-message.ts';
import type { MessageInput } from '../../deliver/render-message.ts';

/** An action's text for the placement's channel. */
export interface RealtimeContent {
  text: string;
  locale: string;
}

export interface RenderRequest {
  facts: ConditionFacts;
  scores: Record<string, number>;
  bundle: Bundle;
  channel: string;
  action: ActionDef;
  /** Test variant; null where there are none. */
  variant: string | null;
  /** Id of the delivery that the action becomes once it is shown. */
  deliveryId: string;
  now: Instant;
}

/** The caller shows the content itself on a channel without an address. On all others, deliveries send it. */
export function isRenderedByCaller({ workspace }: Bundle, channel: string): boolean {
  const definition = findChannel(workspace, channel);
  return definition?.via === 'webhook' && definition.address === null;
}

/** Renders the text with the renderer of deliveries, or says why it cannot be rendered. */
export async function renderContent(
  deps: ComposeDeps & { db: Database },
  { facts, scores, bundle, channel, action, variant, deliveryId, now }: RenderRequest,
): Promise<RealtimeContent | { unsendable: string }> {
  const row = {
    id: deliveryId,
    workspace: facts.workspace,
    action: action.id,
    class: action.class,
    channel,
    variant,
    bundleVersion: bundle.version,
    couponId: null,
    entry: { ...NO_ENTRY, at: now },
  };
  const composed = await compose(deps, { row, facts, scores, bundle, now });
  if (composed.kind === 'unsendable') return { unsendable: composed.reason };
  return { text: composed.outgoing.text, locale: composed.locale };
}

/** A text that takes too long is left out: the caller does not wait for it. */
async function compose(deps: ComposeDeps & { db: Database }, input: MessageInput): Promise<ComposeResult> {
  try {
    return await composeMessage(deps.db.sql, deps, input);
  } catch (error) {
    if (error instanceof RenderTooSlow) return { kind: 'unsendable', reason: error.message };
    throw error;
  }
}

export interface TrackedContentCache extends ContentCache {
  /** Whether the content can be had without the database. */
  isLoaded(workspace: string, version: number): boolean;
}

/** Keeps track of which versions were read before. */
export function trackContentCache(read: ContentCache): TrackedContentCache {
  const loaded = new Set<string>();
  const tracked: ContentCache = async (tx, workspace, version) => {
    const files = await read(tx, workspace, version);
    loaded.add(`${workspace}@${version}`);
    return files;
  };
  return Object.assign(tracked, {
    isLoaded: (workspace: string, version: number) => loaded.has(`${workspace}@${version}`),
  });
}
