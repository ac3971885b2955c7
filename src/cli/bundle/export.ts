import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readBundleDir } from '../../definitions/source/read-directory.ts';
import { UserError } from '../../user-error.ts';
import { callApi, describeRefusal, readApiTarget } from './api-client.ts';
import { parseVersion } from './rollback.ts';

interface Exported {
  version: number;
  files: { path: string; text?: string }[];
}

/** Writes the files of the active bundle, or of an earlier version, into a folder. */
export async function exportCommand(
  dir: string,
  options: { version?: string; force?: boolean },
): Promise<void> {
  const wanted = options.version === undefined ? '' : `&version=${parseVersion(options.version)}`;
  const answer = await callApi<Exported>(readApiTarget(), 'GET', `/v1/config?text=true${wanted}`);
  if (!answer.ok) throw new UserError(describeRefusal(answer));
  const { version, files } = answer.body;
  if (version === 0) throw new UserError('there is no bundle yet: apply one first');
  const placed = files.map((file) => ({ ...file, at: placeIn(dir, file.path) }));
  const changed = [];
  for (const file of placed) {
    const there = await readFile(file.at, 'utf8').catch(() => undefined);
    if (there !== undefined && there !== file.text) changed.push(file.path);
  }
  if (changed.length > 0 && !options.force) {
    for (const one of changed) console.error(`${dir}/${one} differs`);
    throw new UserError(`nothing was written: move your changes away, or use --force to overwrite them`);
  }
  for (const { at, text } of placed) {
    await mkdir(path.dirname(at), { recursive: true });
    await writeFile(at, text ?? '');
  }
  console.log(`version ${version}: ${files.length} files in ${dir}`);
  const known = new Set(files.map((file) => file.path));
  for (const other of await readBundleDir(dir))
    if (!known.has(other.path)) console.warn(`warning: ${dir}/${other.path} is not in version ${version}`);
}

/** A path of the bundle inside the folder. Whoever applied it must not choose another place on this machine. */
function placeIn(dir: string, file: string): string {
  const at = path.resolve(dir, file);
  if (at.startsWith(`${path.resolve(dir)}${path.sep}`)) return at;
  throw new UserError(`the bundle names a file outside of ${dir}: ${file}`);
}
