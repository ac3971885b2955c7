import type { ActionDef, DecideStep, JourneyDef } from '../../domain/definition.ts';
import { checkChannel } from '../check/channels.ts';
import { joinPath } from '../source/problem.ts';
import { toMillis } from '../source/scalars.ts';
import type { StepSource } from '../source/step-schema.ts';
import type { CompileContext } from './expression.ts';

/** The actions that a journey's steps can name. */
export interface AvailableActions {
  class: JourneyDef['class'];
  actions: ReadonlyMap<string, ActionDef>;
  /** Ids and tags of actions that have problems of their own: known, though there is nothing to check them against. */
  invalid: { ids: ReadonlySet<string>; tags: ReadonlySet<string> };
}

type DecideSource = NonNullable<StepSource['decide']>;

/** Resolves tags, and checks that each action may be offered here and each outcome can happen. */
export function compileDecide(
  source: DecideSource,
  path: string,
  offer: AvailableActions,
  reports: CompileContext,
): Pick<DecideStep, 'actions' | 'channels' | 'hold' | 'deliver'> {
  const { actions, complete } = resolveActions(source.actions, path, offer, reports, (action, at) =>
    checkAllowed(action, source, at, offer, reports),
  );
  for (const [index, channel] of (source.channels ?? []).entries())
    checkChannel(reports, `${path}.channels[${index}]`, channel);
  if (complete) checkOutcomes(source, path, actions, reports);
  return {
    actions: actions.map((action) => action.id),
    channels: source.channels ?? null,
    hold: toMillis(source.hold),
    deliver: source.deliver,
  };
}

/** The actions behind a list of ids and tags. `complete`: none of them has problems of its own. */
export function resolveActions(
  names: readonly string[],
  path: string,
  offer: Omit<AvailableActions, 'class'>,
  reports: CompileContext,
  check: (action: ActionDef, at: string) => void = () => {},
): { actions: ActionDef[]; complete: boolean } {
  const actions: ActionDef[] = [];
  let complete = true;
  names.forEach((name, index) => {
    const at = joinPath(path, `actions[${index}]`);
    const found = resolve(name, offer);
    if (found === 'broken') complete = false;
    else if (found.length === 0) reports.error(at, missing(name, offer));
    else {
      for (const action of found) {
        check(action, at);
        if (!actions.includes(action)) actions.push(action);
        else if (!name.startsWith('tag:')) reports.error(at, `'${name}' stands there twice`);
      }
    }
  });
  return { actions, complete };
}

function resolve(
  name: string,
  { actions, invalid: broken }: Omit<AvailableActions, 'class'>,
): ActionDef[] | 'broken' {
  if (!name.startsWith('tag:')) {
    const action = actions.get(name);
    return action ? [action] : broken.ids.has(name) ? 'broken' : [];
  }
  const tag = name.slice('tag:'.length);
  if (broken.tags.has(tag)) return 'broken';
  return [...actions.values()].filter((action) => action.tags.includes(tag));
}

function missing(name: string, { actions }: Omit<AvailableActions, 'class'>): string {
  if (name.startsWith('tag:')) return `no action carries the tag '${name.slice('tag:'.length)}'`;
  return `unknown action '${name}': define it in actions/, or use ${[...actions.keys()].join(', ') || 'another'}`;
}

function checkAllowed(
  action: ActionDef,
  source: DecideSource,
  path: string,
  offer: AvailableActions,
  { error }: CompileContext,
): void {
  if (offer.class === 'service' && action.class === 'marketing') {
    error(path, `'${action.id}' is marketing: a service journey can't offer it`);
  }
  if (offer.class === 'marketing' && (action.class === 'transactional' || action.class === 'mandatory')) {
    error(path, `'${action.id}' is ${action.class}: only a service journey can offer it`);
  }
  const { channels } = source;
  if (channels && !action.channels.some((channel) => channels.includes(channel))) {
    error(path, `'${action.id}' has none of the channels ${channels.join(', ')}`);
  }
}

/** An outcome that can't happen is a way that nobody ever takes: almost always a typing mistake. */
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
      error(`${path}.then.${outcome}`, `outcome '${outcome}' can't happen here: use ${possible.join(', ')}`);
    }
  }
}
