import type { z } from 'zod';
import type { activation } from '../../api/config/schema.ts';
import { UserError } from '../../user-error.ts';
import { callApi, describeRefusal, formatProblem, readApiTarget } from './api-client.ts';

/** Makes an earlier bundle the active one again, as a new version. */
export async function rollbackCommand(text: string, options: { moved?: string[] }): Promise<void> {
  const version = parseVersion(text);
  const moved = parseMoves(options.moved ?? []);
  const answer = await callApi<z.infer<typeof activation>>(readApiTarget(), 'POST', '/v1/config/rollback', {
    version,
    moved,
  });
  if (!answer.ok) {
    for (const problem of answer.body.errors ?? [])
      console.error(formatProblem(`version ${version}`, problem));
    throw new UserError(
      `the rollback to version ${version} was refused (${describeRefusal(answer)}); nothing was changed`,
    );
  }
  for (const problem of answer.body.warnings)
    console.warn(`warning: ${formatProblem(`version ${version}`, problem)}`);
  console.log(`version ${answer.body.version} is active, with the files of version ${version}`);
}

/** @throws UserError when the text is not a version number. */
export function parseVersion(text: string): number {
  const version = Number(text);
  if (Number.isInteger(version) && version > 0) return version;
  throw new UserError(`"${text}" is not a version: use the number that apply printed`);
}

/** Parses `tips.week=tip`: customers at the step `week`, which the older bundle does not have, go to `tip`. */
function parseMoves(texts: string[]): Record<string, Record<string, string>> {
  const moved: Record<string, Record<string, string>> = {};
  for (const text of texts) {
    const [, journey, step, destination] = /^([a-z0-9-]+)\.([a-z0-9-]+)=([a-z0-9-]+)$/.exec(text) ?? [];
    if (!journey || !step || !destination) {
      throw new UserError(`"${text}" is not a move: write journey.step=destination, as in tips.week=tip`);
    }
    moved[journey] = { ...moved[journey], [step]: destination };
  }
  return moved;
}
