import { suggestName } from '../../content/nearest-name.ts';
import type { ActionDef, DecideStep } from '../../domain/definition.ts';
import { checkChannel } from '../check/channels.ts';
import type { CompileContext } from '../check/context.ts';
import { toMillis } from '../source/scalars.ts';
import type { StepSource } from '../source/step-schema.ts';
import { resolveActions } from './available-actions.ts';
import type { StepContext } from './step-context.ts';

type DecideSource = NonNullable<StepSource['decide']>;

/** Resolves tags, and checks that the journey may offer each action and that each outcome of `then` can happen. */
export function compileDecide(
  source: DecideSource,
  path: string,
  context: StepContext,
): Pick<DecideStep, 'actions' | 'channels' | 'hold' | 'deliver'> {
  const { actions, complete } = resolveActions(source.actions, path, context, (action, at) =>
    checkAllowed(action, source, at, context),
  );
  for (const [index, channel] of (source.channels ?? []).entries())
    checkChannel(context, `${path}.channels[${index}]`, channel);
  if (complete) checkOutcomes(source, path, actions, context);
  return {
    actions: actions.map((action) => action.id),
    channels: source.channels ?? null,
    hold: toMillis(source.hold),
    deliver: source.deliver,
  };
}

function checkAllowed(
  action: ActionDef,
  source: DecideSource,
  path: string,
  { error, journeyClass }: StepContext,
): void {
  if (journeyClass === 'service' && action.class === 'marketing') {
    error(path, `'${action.id}' is marketing: a service journey can't offer it`);
  }
  if (journeyClass === 'marketing' && (action.class === 'transactional' || action.class === 'mandatory')) {
    error(path, `'${action.id}' is ${action.class}: only a service journey can offer it`);
  }
  const { channels } = source;
  if (channels && !action.channels.some((channel) => channels.includes(channel))) {
    error(path, `'${action.id}' has none of the channels ${channels.join(', ')}`);
  }
}

/** An outcome that can't happen is almost always a typing mistake. */
function checkOutcomes(
  source: DecideSource,
  path: string,
  actions: ActionDef[],
  { error }: CompileContext,
): void {
  const possible = [
    'nothing',
    'expired',
    ...(actions.some((action) => action.mode === 'auto') ? ['failed'] : []),
  ];
  for (const action of actions) {
    possible.push(action.id);
    if (action.task)
      for (const outcome of [...action.task.outcomes, 'expired']) possible.push(`${action.id}.${outcome}`);
  }
  for (const outcome of Object.keys(source.then)) {
    if (!possible.includes(outcome)) {
      error(
        `${path}.then.${outcome}`,
        `outcome '${outcome}' can't happen here: use ${possible.join(', ')}${suggestName(outcome, possible)}`,
      );
    }
  }
}
