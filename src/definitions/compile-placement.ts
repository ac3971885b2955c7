import type { PlacementDef } from '../domain/definition.ts';
import type { Reports } from './cel-check.ts';
import { checkChannel } from './channels.ts';
import { type Offer, resolveActions } from './compile-decide.ts';
import type { PlacementSource } from './placement-schema.ts';
import { millis } from './scalars.ts';

/** Compiles a placement and checks what the schema can't. */
export function compilePlacement(
  source: PlacementSource,
  offer: Omit<Offer, 'class'>,
  reports: Reports,
): PlacementDef {
  checkChannel(reports, 'channel', source.channel);
  const { actions } = resolveActions(source.actions, '', offer, reports, (action, at) => {
    if (!action.channels.includes(source.channel))
      reports.error(at, `'${action.id}' does not have the channel ${source.channel}`);
  });
  if (!offer.actions.has(source.fallback) && !offer.broken.ids.has(source.fallback))
    reports.error('fallback', `unknown action '${source.fallback}': define it in actions/`);
  return {
    id: source.id,
    channel: source.channel,
    actions: actions.map((action) => action.id),
    limit: source.limit,
    ttl: millis(source.ttl),
    deadline: source.deadline.endsWith('ms') ? Number.parseInt(source.deadline, 10) : millis(source.deadline),
    fallback: source.fallback,
    autonomy: source.autonomy ?? null,
  };
}
