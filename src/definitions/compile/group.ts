import type { GroupDef } from '../../domain/definition.ts';
import type { GroupSource } from '../source/group-schema.ts';
import { compileCaps } from './caps.ts';
import type { CompileContext } from './expression.ts';

/** Compiles `group.yaml`. `workspace`: the id of this one, if it is known. */
export function compileGroup(
  source: GroupSource,
  workspace: string | undefined,
  purposes: ReadonlySet<string> | null,
  reports: CompileContext,
): GroupDef {
  if (workspace !== undefined && !source.workspaces.includes(workspace))
    reports.error('workspaces', `this workspace is not among them: add ${workspace}`);
  source.workspaces.forEach((id, index) => {
    if (source.workspaces.indexOf(id) < index)
      reports.error(`workspaces[${index}]`, `'${id}' stands there twice`);
  });
  return {
    id: source.id,
    workspaces: source.workspaces,
    caps: compileCaps(source.caps, 'group', purposes, reports),
    shareSuppression: source.shareSuppression,
  };
}
