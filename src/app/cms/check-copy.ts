import type { Database } from '../../../db/client.ts';
import { readActiveBundle } from '../../../db/config/bundles.ts';
import { readContentName } from '../../content/content-name.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import { compileCandidate } from '../config/compile-candidate.ts';
import type { BundleCompiler } from '../config/compiler/bundle-compiler.ts';
import { Unavailable } from '../intake/incoming-event.ts';

const LONGEST_REASON = 500;

/**
 * Checks the text of a CMS as `apply` would check it as a file of the bundle: in the compiler's process, within its
 * limits. It may read no attribute that the action does not read in the bundle: decisions name what a message used.
 * @returns why it is refused; null: it is good
 */
export async function checkCopy(
  deps: { db: Database; compiler: BundleCompiler },
  workspace: string,
  bundle: Bundle,
  { file, text }: { file: string; text: string },
): Promise<string | null> {
  const stored = await readActiveBundle(deps.db.sql, workspace);
  if (!stored) return 'the workspace has no bundle';
  const files = stored.files.map((own) => (own.path === file ? { path: file, text } : own));
  try {
    const compiled = await compileCandidate(deps, workspace, files, stored.compiled, Date.now());
    if (!compiled.ok) {
      const problem = compiled.errors.find((error) => error.file === file) ?? compiled.errors[0];
      return `${problem?.message ?? 'it does not compile'}`.slice(0, LONGEST_REASON);
    }
    const action = readContentName(file)?.action;
    return refuseReads(findAction(bundle, action), findAction(compiled.bundle, action));
  } catch (error) {
    if (error instanceof Unavailable) return error.message;
    throw error;
  }
}

function findAction({ actions }: Pick<Bundle, 'actions'>, id: string | undefined): ActionDef | undefined {
  return actions.find((action) => action.id === id);
}

function refuseReads(declared: ActionDef | undefined, edited: ActionDef | undefined): string | null {
  const known = new Set(declared?.reads ?? []);
  const others = (edited?.reads ?? []).filter((name) => !known.has(name) && !known.has('*'));
  if (others.length === 0) return null;
  return `reads ${others.join(', ')}, which the action does not read in the bundle: read it in the bundle's file, too`;
}
