import type { ContentCache } from '../../../../db/config/content-cache.ts';
import { findChannel } from '../../../domain/customer/address.ts';
import type { ActionDef, Bundle } from '../../../domain/definition.ts';
import type { ConditionFacts } from '../../../domain/facts.ts';
import { NO_ENTRY } from '../../../domain/state.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { type ComposeDeps, composeMessage } from '../../deliver/compose-message.ts';

/** An action's text for the placement's channel. */
export interface RealtimeContent {
  text: string;
  locale: string;
}

export interface RenderRequest {
  facts: ConditionFacts;
  bundle: Bundle;
  channel: string;
  action: ActionDef;
  /** Test variant; null where there are none. */
  variant: string | null;
  /** Of the delivery that it would be, once it is shown. */
  deliveryId: string;
  now: Instant;
}

/** Content is given to who shows it themselves; what has an address is written to there, and by nobody else. */
export function isRenderedByCaller({ workspace }: Bundle, channel: string): boolean {
  const definition = findChannel(workspace, channel);
  return definition?.via === 'webhook' && definition.address === null;
}

/** The text by the renderer that deliveries go through, or what is wrong with it. */
export async function renderContent(
  deps: ComposeDeps,
  { facts, bundle, channel, action, variant, deliveryId, now }: RenderRequest,
): Promise<RealtimeContent | { unsendable: string }> {
  const delivery = {
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
  const composed = await composeMessage(deps, delivery, facts, bundle, now);
  if (composed.kind === 'unsendable') return { unsendable: composed.reason };
  return { text: composed.outgoing.text, locale: composed.locale };
}

export interface TrackedContentCache extends ContentCache {
  /** Whether it is at hand without the database. */
  isLoaded(workspace: string, version: number): boolean;
}

/** Knows which content was read before. */
export function trackContentCache(read: ContentCache): TrackedContentCache {
  const seen = new Set<string>();
  const remembering: ContentCache = async (tx, workspace, version) => {
    const files = await read(tx, workspace, version);
    seen.add(`${workspace}@${version}`);
    return files;
  };
  return Object.assign(remembering, {
    isLoaded: (workspace: string, version: number) => seen.has(`${workspace}@${version}`),
  });
}
