import type { z } from 'zod';
import type { preview } from '../../api/config/schema.ts';
import { UserError } from '../../user-error.ts';
import { callApi, describeRefusal, formatProblem, readApiTarget } from './api-client.ts';
import { readBundle } from './read-bundle.ts';

/** Prints what applying the bundle in a folder would change, and for how many customers. Nothing is applied. */
export async function diffCommand(dir: string): Promise<void> {
  const files = await readBundle(dir);
  const answer = await callApi<z.infer<typeof preview>>(readApiTarget(), 'POST', '/v1/config/preview', {
    files,
  });
  if (!answer.ok) throw new UserError(describeRefusal(answer));
  const { ok, errors, warnings, edits, affected } = answer.body;
  for (const problem of warnings) console.warn(`warning: ${formatProblem(dir, problem)}`);
  if (!ok) {
    for (const problem of errors) console.error(formatProblem(dir, problem));
    throw new UserError('this bundle would be refused');
  }
  if (edits.length === 0) console.log('no definition changes, and none of content');
  for (const { kind, journey, change, consequence, diff } of edits) {
    console.log(
      `${kind.replace('_', ' ')}: ${journey === undefined ? '' : `${journey}: `}${change}\n    ${consequence}`,
    );
    for (const line of diff?.split('\n') ?? []) console.log(`    ${toOneSafeLine(line)}`);
  }
  const affectedGroups = affected.filter(({ effect }) => effect !== 'unchanged');
  if (affectedGroups.length > 0) console.log('\nAffected customers:');
  for (const { journey, step, state, customers, rule } of affectedGroups) {
    console.log(`  ${customers} at ${journey}.${step} (${state}): ${rule}`);
  }
  const others = affected.filter(({ effect }) => effect === 'unchanged').reduce((n, a) => n + a.customers, 0);
  if (others > 0)
    console.log(`${affectedGroups.length === 0 ? '\n' : ''}${others} other customers continue unchanged`);
}

/** What an author wrote must not steer the terminal. */
function toOneSafeLine(line: string): string {
  return line.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ');
}
