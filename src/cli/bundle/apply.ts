import { UserError } from '../../user-error.ts';
import { type BundleProblem, callApi, describeRefusal, formatProblem, readApiTarget } from './api-client.ts';
import { readBundle } from './read-bundle.ts';

/** Sends a folder's bundle to the API, which activates or refuses it whole. */
export async function applyCommand(dir: string): Promise<void> {
  const files = await readBundle(dir);
  const answer = await callApi<{ version: number; changed: boolean; warnings: BundleProblem[] }>(
    readApiTarget(),
    'PUT',
    '/v1/config',
    { files },
  );
  if (!answer.ok) {
    for (const said of answer.body.errors ?? []) console.error(formatProblem(dir, said));
    throw new UserError(`the bundle was refused (${describeRefusal(answer)}); nothing was changed`);
  }
  const { version, changed, warnings } = answer.body;
  for (const said of warnings) console.warn(`warning: ${formatProblem(dir, said)}`);
  console.log(changed ? `version ${version} is active` : `version ${version} is active already`);
}
