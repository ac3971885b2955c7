import { suggestName } from '../../content/nearest-name.ts';
import type { ActionDef } from '../../domain/definition.ts';
import type { CompileContext } from '../check/context.ts';
import { joinPath } from '../source/problem.ts';
import type { DefinitionSource } from '../source/read-sources.ts';

/** The actions that a journey's steps and placements can name, in the order of the bundle. */
export interface AvailableActions {
  actions: ReadonlyMap<string, ActionDef>;
  /** Ids and tags of actions with errors of their own: they exist, but nothing can be checked against them. */
  invalid: { ids: ReadonlySet<string>; tags: ReadonlySet<string> };
}

/** Of several actions with the same id the first counts, so that one mistake isn't reported as several. */
export function listAvailableActions(
  actions: readonly ActionDef[],
  sources: readonly DefinitionSource<unknown>[],
): AvailableActions {
  const byId = new Map<string, ActionDef>();
  for (const action of actions) if (!byId.has(action.id)) byId.set(action.id, action);
  const invalid = sources.filter((source) => source.value === undefined);
  return {
    actions: byId,
    invalid: {
      ids: new Set(invalid.flatMap((source) => source.id ?? [])),
      tags: new Set(invalid.flatMap((source) => source.tags)),
    },
  };
}

/**
 * The actions behind a list of ids and tags. `complete`: none of them has errors of its own.
 * @param check is called for each action, with the path of its name
 */
export function resolveActions(
  names: readonly string[],
  listPath: string,
  { available, error }: CompileContext & { available: AvailableActions },
  check: (action: ActionDef, path: string) => void = () => {},
): { actions: ActionDef[]; complete: boolean } {
  const actions: ActionDef[] = [];
  let complete = true;
  names.forEach((name, index) => {
    const path = joinPath(listPath, `actions[${index}]`);
    const matches = resolve(name, available);
    if (matches === 'invalid') complete = false;
    else if (matches.length === 0) error(path, describeMissing(name, available));
    else {
      for (const action of matches) {
        check(action, path);
        if (!actions.includes(action)) actions.push(action);
        else if (!name.startsWith('tag:')) error(path, `'${name}' is listed twice`);
      }
    }
  });
  return { actions, complete };
}

function resolve(name: string, { actions, invalid }: AvailableActions): ActionDef[] | 'invalid' {
  if (!name.startsWith('tag:')) {
    const action = actions.get(name);
    return action ? [action] : invalid.ids.has(name) ? 'invalid' : [];
  }
  const tag = name.slice('tag:'.length);
  if (invalid.tags.has(tag)) return 'invalid';
  return [...actions.values()].filter((action) => action.tags.includes(tag));
}

function describeMissing(name: string, { actions }: AvailableActions): string {
  if (name.startsWith('tag:')) {
    const tag = name.slice('tag:'.length);
    const tags = [...actions.values()].flatMap((action) => action.tags);
    return `no action carries the tag '${tag}'${suggestName(tag, tags)}`;
  }
  return `unknown action '${name}': define it in actions/, or use ${[...actions.keys()].join(', ') || 'another'}${suggestName(name, actions.keys())}`;
}
