import { readConfigVersion } from '../../../db/config/active-bundle.ts';
import type { Bundle } from '../../domain/definition.ts';
import { HttpError } from './http-error.ts';
import type { Api } from './operation.ts';

/** The bundle that holds now; null before the first. */
export async function readActiveBundle({ deps }: Api, workspace: string): Promise<Bundle | null> {
  const version = await readConfigVersion(deps.db.sql, workspace);
  return version > 0 ? deps.bundles(deps.db.sql, workspace, version) : null;
}

/** The same where nothing can be said without one. @throws HttpError 404 `no_bundle` */
export async function requireActiveBundle(api: Api, workspace: string): Promise<Bundle> {
  const bundle = await readActiveBundle(api, workspace);
  if (bundle) return bundle;
  throw new HttpError(404, 'no_bundle', 'the workspace has no bundle yet: apply one first');
}
