import { UserError } from '../../user-error.ts';
import { type BundleProblem, callApi, describeRefusal, formatProblem, readApiTarget } from './api-client.ts';
import { readBundle } from './read-bundle.ts';

interface Preview {
  ok: boolean;
  errors: BundleProblem[];
  warnings: BundleProblem[];
  edits: { kind: string; journey?: string; what: string; rule: string }[];
  affected: {
    journey: string;
    step: string;
    state: string;
    customers: number;
    effect: string;
    rule: string;
  }[];
}

/** Prints what applying the bundle in a folder would change, and for how many customers. Nothing is applied. */
export async function diffCommand(dir: string): Promise<void> {
  const files = await readBundle(dir);
  const answer = await callApi<Preview>(readApiTarget(), 'POST', '/v1/config/preview', { files });
  if (!answer.ok) throw new UserError(describeRefusal(answer));
  const { ok, errors, warnings, edits, affected } = answer.body;
  for (const problem of warnings) console.warn(`warning: ${formatProblem(dir, problem)}`);
  if (!ok) {
    for (const problem of errors) console.error(formatProblem(dir, problem));
    throw new UserError('this bundle would be refused');
  }
  if (edits.length === 0) console.log('no definition changes; content is not compared');
  for (const { kind, journey, what, rule } of edits) {
    console.log(
      `${kind.replace('_', ' ')}: ${journey === undefined ? '' : `${journey}: `}${what}\n    ${rule}`,
    );
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
