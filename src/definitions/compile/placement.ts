import { suggestName } from '../../content/nearest-name.ts';
import type { PlacementDef } from '../../domain/definition.ts';
import { checkChannel } from '../check/channels.ts';
import type { CompileContext } from '../check/context.ts';
import type { PlacementSource } from '../source/placement-schema.ts';
import { toMillis } from '../source/scalars.ts';
import { type AvailableActions, resolveActions } from './available-actions.ts';

/** Compiles a placement. Every action that it offers must have its channel. */
export function compilePlacement(
  source: PlacementSource,
  available: AvailableActions,
  context: CompileContext,
): PlacementDef {
  checkChannel(context, 'channel', source.channel);
  const { actions } = resolveActions(source.actions, '', { ...context, available }, (action, path) => {
    if (!action.channels.includes(source.channel))
      context.error(path, `'${action.id}' does not have the channel ${source.channel}`);
  });
  if (!available.actions.has(source.fallback) && !available.invalid.ids.has(source.fallback))
    context.error(
      'fallback',
      `unknown action '${source.fallback}': define it in actions/${suggestName(source.fallback, available.actions.keys())}`,
    );
  return {
    id: source.id,
    channel: source.channel,
    actions: actions.map((action) => action.id),
    limit: source.limit,
    ttl: toMillis(source.ttl),
    deadline: source.deadline.endsWith('ms')
      ? Number.parseInt(source.deadline, 10)
      : toMillis(source.deadline),
    fallback: source.fallback,
    autonomy: source.autonomy ?? null,
  };
}
