import { createBundleCompiler } from '../../app/config/compiler/bundle-compiler.ts';
import { UseCaseError } from '../../app/use-case-error.ts';
import { createWorkspaceWithBundle, type WorkspaceCreation } from '../../app/workspaces/create-workspace.ts';
import { UserError } from '../../user-error.ts';
import { formatProblem } from '../bundle/api-client.ts';
import { readBundle } from '../bundle/read-bundle.ts';
import { withDatabase } from '../database.ts';

/** Creates a workspace, with the bundle in a folder if one is named. */
export async function createWorkspaceCommand(
  id: string,
  options: { bundle?: string; ifMissing?: boolean } = {},
): Promise<void> {
  const files = options.bundle === undefined ? null : await readBundle(options.bundle);
  const creation = await withDatabase('workspaces', async (db) => {
    const compiler = createBundleCompiler();
    try {
      return await createWorkspaceWithBundle({ db, compiler }, id, files);
    } finally {
      await compiler.close();
    }
  }).catch((error) => {
    throw error instanceof UseCaseError
      ? new UserError(`${id} is no id of a workspace: ${error.message}`)
      : error;
  });
  report(id, creation, options);
}

function report(
  id: string,
  creation: WorkspaceCreation,
  { bundle = '', ifMissing = false }: { bundle?: string; ifMissing?: boolean },
): void {
  if (creation.kind === 'refused') {
    for (const problem of creation.errors) console.error(formatProblem(bundle, problem));
    throw new UserError(`the bundle in ${bundle} was refused; nothing was created`);
  }
  const { version } = creation;
  const state = version === 0 ? 'without a bundle' : `with version ${version} of its bundle`;
  if (creation.kind === 'exists') {
    if (ifMissing) return console.log(`workspace ${id} exists already, ${state}: nothing was changed`);
    throw new UserError(
      `workspace ${id} exists already, ${state}: change its bundle with throughline apply, or add --if-missing to accept that`,
    );
  }
  for (const problem of creation.warnings) console.warn(`warning: ${formatProblem(bundle, problem)}`);
  console.log(`created workspace ${id}, ${state}`);
}
