import { readConfigVersion } from '../../../db/queries/view-config.ts';
import type { Bundle } from '../../domain/definition.ts';
import { HttpError } from '../http-error.ts';
import type { Api } from '../operation.ts';

/** What holds in the workspace now. @throws HttpError 404 `no_bundle` */
export async function activeBundle({ deps }: Api, workspace: string): Promise<Bundle> {
  const { sql } = deps.db;
  const version = await readConfigVersion(sql, workspace);
  if (version > 0) return deps.bundles(sql, workspace, version);
  throw new HttpError(404, 'no_bundle', 'the workspace has no bundle yet: apply one first');
}
