import { openDatabase } from '../../db/client.ts';
import { createKey, keyExists } from '../../db/queries/keys.ts';
import { readBundleDir } from '../definitions/load.ts';
import { activateBundle } from '../intake/activate-bundle.ts';
import { UserError } from './user-error.ts';

const WORKSPACE = 'aroma';

/**
 * Makes the development workspace ready: keys that work, and on the first run the example bundle. A later run leaves
 * the bundle alone, for somebody may have applied another.
 */
export async function ensureDevWorkspace(
  databaseUrl: string,
  options: { bundleDir: string; known?: { writeKey: string; apiKey: string } },
): Promise<{ writeKey: string; apiKey: string; applied: boolean }> {
  const db = openDatabase(databaseUrl, { name: 'throughline-setup', max: 2 });
  try {
    const [active] = await db.sql`select config_version from workspaces where id = ${WORKSPACE}`;
    const applied = !active?.config_version;
    if (applied) {
      const activation = await activateBundle(db, WORKSPACE, await readBundleDir(options.bundleDir));
      if (!activation.ok) {
        const [first] = activation.errors;
        throw new UserError(`${options.bundleDir}/${first?.file}: ${first?.path}: ${first?.message}`);
      }
    }
    const { known } = options;
    const usable =
      known && (await keyExists(db.sql, known.writeKey)) && (await keyExists(db.sql, known.apiKey));
    if (usable) return { ...known, applied };
    const scopes = ['read', 'act', 'configure', 'operate'];
    const label = 'npm start';
    return {
      writeKey: await createKey(db.sql, { workspace: WORKSPACE, kind: 'write', scopes: [], label }),
      apiKey: await createKey(db.sql, { workspace: WORKSPACE, kind: 'api', scopes, label }),
      applied,
    };
  } finally {
    await db.close();
  }
}
