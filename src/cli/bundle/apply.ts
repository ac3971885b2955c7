import type { z } from 'zod';
import type { activation } from '../../api/config/schema.ts';
import { UserError } from '../../user-error.ts';
import { callApi, describeRefusal, formatProblem, readApiTarget } from './api-client.ts';
import { readBundle } from './read-bundle.ts';

/** Sends the bundle in a folder to the API, which activates it whole or refuses it whole. */
export async function applyCommand(dir: string): Promise<void> {
  const files = await readBundle(dir);
  const answer = await callApi<z.infer<typeof activation>>(readApiTarget(), 'PUT', '/v1/config', { files });
  if (!answer.ok) {
    for (const problem of answer.body.errors ?? []) console.error(formatProblem(dir, problem));
    throw new UserError(`the bundle was refused (${describeRefusal(answer)}); nothing was changed`);
  }
  const { version, changed, warnings } = answer.body;
  for (const problem of warnings) console.warn(`warning: ${formatProblem(dir, problem)}`);
  console.log(changed ? `version ${version} is active` : `version ${version} is active already`);
}
