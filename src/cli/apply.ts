import { UserError } from '../user-error.ts';
import { readBundle } from './read-bundle.ts';
import { call, lineOf, reasonOf, type Said, target } from './target.ts';

/** Sends a folder's bundle to the API, which activates or refuses it whole. */
export async function applyCommand(dir: string): Promise<void> {
  const files = await readBundle(dir);
  const answer = await call<{ version: number; changed: boolean; warnings: Said[] }>(
    target(),
    'PUT',
    '/v1/config',
    { files },
  );
  if (!answer.ok) {
    for (const said of answer.body.errors ?? []) console.error(lineOf(dir, said));
    throw new UserError(`the bundle was refused (${reasonOf(answer)}); nothing was changed`);
  }
  const { version, changed, warnings } = answer.body;
  for (const said of warnings) console.warn(`warning: ${lineOf(dir, said)}`);
  console.log(changed ? `version ${version} is active` : `version ${version} is active already`);
}
