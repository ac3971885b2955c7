import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { config } from '../../api/config/schema.ts';
import { readBundleDir } from '../../definitions/source/read-directory.ts';
import { UserError } from '../../user-error.ts';
import { callApi, describeRefusal, readApiTarget } from './api-client.ts';
import { parseVersion } from './rollback.ts';

/** Writes the files of the active bundle, or of an earlier version, into a folder. */
export async function exportCommand(
  dir: string,
  options: { version?: string; force?: boolean },
): Promise<void> {
  const query = options.version === undefined ? '' : `&version=${parseVersion(options.version)}`;
  const answer = await callApi<z.infer<typeof config>>(
    readApiTarget(),
    'GET',
    `/v1/config?text=true${query}`,
  );
  if (!answer.ok) throw new UserError(describeRefusal(answer));
  const { version, files } = answer.body;
  if (version === 0) throw new UserError('there is no bundle yet: apply one first');
  const targets = files.map((file) => ({ ...file, target: resolveTarget(dir, file.path) }));
  const changed = [];
  for (const file of targets) {
    const current = await readFile(file.target, 'utf8').catch(() => undefined);
    if (current !== undefined && current !== file.text) changed.push(file.path);
  }
  if (changed.length > 0 && !options.force) {
    for (const file of changed) console.error(`${dir}/${file} differs`);
    throw new UserError(`nothing was written: move your changed files, or add --force to overwrite them`);
  }
  for (const { target: file, text } of targets) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text ?? '');
  }
  console.log(`version ${version}: ${files.length} files in ${dir}`);
  const exportedPaths = new Set(files.map((file) => file.path));
  for (const { path: localPath } of await readBundleDir(dir)) {
    if (!exportedPaths.has(localPath))
      console.warn(`warning: ${dir}/${localPath} is not in version ${version}`);
  }
}

/** The target path of a bundle's file. A path in a bundle must not lead out of the folder that the user chose. */
function resolveTarget(dir: string, file: string): string {
  const resolved = path.resolve(dir, file);
  if (resolved.startsWith(`${path.resolve(dir)}${path.sep}`)) return resolved;
  throw new UserError(`the bundle names a file outside of ${dir}: ${file}`);
}
