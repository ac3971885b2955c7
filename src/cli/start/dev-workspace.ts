import { findKey } from '../../../db/access/keys.ts';
import { openDatabase } from '../../../db/client.ts';
import { SCOPES } from '../../../db/schema/values.ts';
import { createKey, hashKey } from '../../app/api-keys/keys.ts';
import { activateBundle } from '../../app/config/activate-bundle.ts';
import { createBundleCompiler } from '../../app/config/compiler/bundle-compiler.ts';
import { readBundleDir } from '../../definitions/source/read-directory.ts';
import type { DevFile } from '../../dev/dev-file.ts';
import { UserError } from '../../user-error.ts';

const WORKSPACE = 'aroma';

/** A server's write key, a browser key and an API key. */
type DevKeys = Pick<DevFile, 'writeKey' | 'browserKey' | 'apiKey'>;

/**
 * Prepares the development workspace: valid keys, and on the first run the example bundle. A later run leaves the bundle
 * unchanged, because the user may have applied another one.
 */
export async function ensureDevWorkspace(
  databaseUrl: string,
  options: { bundleDir: string; previousKeys?: DevKeys },
): Promise<DevKeys & { applied: boolean }> {
  const db = openDatabase(databaseUrl, { name: 'throughline-setup', max: 2 });
  const compiler = createBundleCompiler();
  try {
    const [active] = await db.sql`select config_version from workspaces where id = ${WORKSPACE}`;
    const applied = !active?.config_version;
    if (applied) {
      const files = await readBundleDir(options.bundleDir);
      const activation = await activateBundle({ db, compiler }, WORKSPACE, files);
      if (!activation.ok) {
        const [first] = activation.errors;
        throw new UserError(`${options.bundleDir}/${first?.file}: ${first?.path}: ${first?.message}`);
      }
    }
    const exists = async (key: string) => (await findKey(db.sql, hashKey(key)))?.revokedAt === null;
    const { previousKeys } = options;
    if (previousKeys) {
      const { writeKey, browserKey, apiKey } = previousKeys;
      const found = await Promise.all([writeKey, browserKey, apiKey].map(exists));
      if (found.every(Boolean)) return { writeKey, browserKey, apiKey, applied };
    }
    const newKey = { workspace: WORKSPACE, label: 'npm start' };
    return {
      writeKey: await createKey(db, { ...newKey, kind: 'write', scopes: [] }),
      browserKey: await createKey(db, {
        ...newKey,
        label: 'npm start, browser',
        kind: 'browser',
        scopes: [],
      }),
      apiKey: await createKey(db, { ...newKey, kind: 'api', scopes: [...SCOPES] }),
      applied,
    };
  } finally {
    await Promise.all([compiler.close(), db.close()]);
  }
}
