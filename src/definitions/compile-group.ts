import type { GroupDef } from '../domain/definition.ts';
import type { Reports } from './cel-check.ts';
import { compileCaps } from './compile-caps.ts';
import type { GroupSource } from './group-schema.ts';

/** Compiles `group.yaml`. `workspace`: the id of this one, if it is known. */
export function compileGroup(
  source: GroupSource,
  workspace: string | undefined,
  purposes: ReadonlySet<string> | null,
  reports: Reports,
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
