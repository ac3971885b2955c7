import type { GroupDef } from '../../domain/definition.ts';
import type { CompileContext } from '../check/context.ts';
import type { GroupSource } from '../source/group-schema.ts';
import { compileCaps } from './caps.ts';

/** Compiles group.yaml. `workspace` is this workspace's id, if workspace.yaml could be read. */
export function compileGroup(
  source: GroupSource,
  workspace: string | undefined,
  purposes: ReadonlySet<string> | null,
  context: CompileContext,
): GroupDef {
  if (workspace !== undefined && !source.workspaces.includes(workspace))
    context.error('workspaces', `must include this workspace: add ${workspace}`);
  source.workspaces.forEach((id, index) => {
    if (source.workspaces.indexOf(id) < index)
      context.error(`workspaces[${index}]`, `'${id}' is listed twice`);
  });
  return {
    id: source.id,
    workspaces: source.workspaces,
    caps: compileCaps(source.caps, 'group', purposes, context),
    shareSuppression: source.shareSuppression,
  };
}
