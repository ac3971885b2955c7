import type { Bundle, PlacementDef } from '../../../domain/definition.ts';
import type { ConditionFacts } from '../../../domain/facts.ts';
import type { Instant } from '../../../domain/time/time.ts';
import type { ListChoice, ListItem } from '../../../engine/realtime/choose-list.ts';
import { mintShownDeliveryId } from './decision-row.ts';
import type { RealtimeAction, RealtimeRequest, RealtimeServices } from './realtime-request.ts';
import { isRenderedByCaller, renderContent } from './render-content.ts';

/** What the contents of a list are rendered from. */
export interface RenderedList {
  /** Of the decision. */
  id: string;
  placement: PlacementDef;
  bundle: Bundle;
  facts: ConditionFacts;
  now: Instant;
  choice: ListChoice;
}

/** The chosen actions, or the fallback, each with its content if the request wants it. */
export async function renderList(
  services: RealtimeServices,
  { content }: Pick<RealtimeRequest, 'content'>,
  list: RenderedList,
): Promise<RealtimeAction[]> {
  const { chosen, fallback } = list.choice;
  const items = chosen.length > 0 ? chosen : fallback ? [fallback] : [];
  return Promise.all(
    items.map(async (item, index) => ({
      ...item,
      rank: index + 1,
      content: content ? await renderItem(services, list, item, index) : undefined,
    })),
  );
}

async function renderItem(
  services: RealtimeServices,
  { id, placement, bundle, facts, now, choice }: RenderedList,
  { action, variant }: ListItem,
  index: number,
): Promise<RealtimeAction['content']> {
  const { channel } = placement;
  if (!isRenderedByCaller(bundle, channel)) return undefined;
  const deliveryId = mintShownDeliveryId(id, index);
  const rendered = await renderContent(services, {
    facts,
    scores: choice.scores,
    bundle,
    channel,
    action,
    variant,
    deliveryId,
    now,
  });
  if (!('unsendable' in rendered)) return rendered;
  const { id: workspace } = bundle.workspace;
  services.log.warn({ workspace, action: action.id, channel }, `no content: ${rendered.unsendable}`);
  return null;
}
