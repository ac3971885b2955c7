import type { Database } from '../../../db/client.ts';
import { readActiveBundle, readBundle } from '../../../db/config/bundles.ts';
import { countParkedCustomers } from '../../../db/journeys/parked-customers.ts';
import { compileBundle, type Problem } from '../../definitions/compile/bundle.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { type ActivationResult, type AmendBundle, activateBundle } from './activate-bundle.ts';

/** By journey: where those go who stand on a step that the older version doesn't have. A step, or `exit`. */
export type StepMoves = Record<string, Record<string, string>>;

/**
 * Makes an earlier version's files the active ones again, as a new version: what was in between stays known, and so
 * does where everybody is. A step that would be gone needs a destination if anybody stands there. Refused whole else.
 */
export async function rollbackBundle(
  db: Database,
  workspace: string,
  version: number,
  moved: StepMoves = {},
): Promise<ActivationResult> {
  const wanted = await readBundle(db.sql, workspace, version);
  if (!wanted) return refuse('version', `there is no version ${version}: see GET /v1/config/versions`);
  const active = await readActiveBundle(db.sql, workspace);
  const target = compileBundle(wanted.files, null, 0);
  if (!active || !target.ok) return activateBundle(db, workspace, wanted.files);

  const steps = new Map(target.bundle.journeys.map((j) => [j.id, new Set(j.steps.map((step) => step.id))]));
  const standing = new Map<string, number>();
  for (const { journey, step, pinned, customers } of await countParkedCustomers(db.sql, workspace)) {
    // Who is pinned ends under the version that they entered.
    const place = `${journey} ${step}`;
    if (!pinned) standing.set(place, (standing.get(place) ?? 0) + customers);
  }
  const errors: Problem[] = checkMoves(moved, steps);
  const settled = new Map<string, Record<string, string>>();
  for (const journey of active.compiled.journeys) {
    const kept = steps.get(journey.id);
    if (!kept) continue;
    const moves: Record<string, string> = {};
    for (const step of journey.steps.filter(({ id }) => !kept.has(id))) {
      const said = getOwn(getOwn(moved, journey.id) ?? {}, step.id);
      const n = standing.get(`${journey.id} ${step.id}`) ?? 0;
      if (said === undefined && n > 0) errors.push(missing(journey.id, step.id, n, version));
      moves[step.id] = said ?? 'exit';
    }
    settled.set(journey.id, moves);
  }
  if (errors.length > 0) return { ok: false, errors, warnings: [] };
  return activateBundle(db, workspace, wanted.files, settleIn(settled, steps));
}

/** The active bundle as if its own author had already said where those go who stand on the steps that will be gone. */
function settleIn(settled: Map<string, Record<string, string>>, kept: Map<string, Set<string>>): AmendBundle {
  return (active) => ({
    ...active,
    journeys: active.journeys.map((journey) => {
      const moves = settled.get(journey.id);
      if (!moves) return journey;
      const steps = journey.steps.filter(({ id }) => kept.get(journey.id)?.has(id) || !(id in moves));
      return { ...journey, steps, moved: { ...journey.moved, ...moves } };
    }),
  });
}

function checkMoves(moved: StepMoves, steps: Map<string, Set<string>>): Problem[] {
  return Object.entries(moved).flatMap(([journey, moves]) => {
    const kept = steps.get(journey);
    if (!kept) return [problem(journey, `there is no journey '${journey}' in that version`)];
    return Object.entries(moves)
      .filter(([, to]) => to !== 'exit' && !kept.has(to))
      .map(([from, to]) =>
        problem(`${journey}.${from}`, `unknown step '${to}': use ${[...kept, 'exit'].join(', ')}`),
      );
  });
}

function missing(journey: string, step: string, n: number, version: number): Problem {
  const message = `${n} customers stand on step '${step}', which version ${version} doesn't have: say where they go, moved: {${journey}: {${step}: …}}, a step or exit`;
  return problem(`${journey}.${step}`, message);
}

function problem(path: string, message: string): Problem {
  return { file: 'moved', path, message };
}

function refuse(path: string, message: string): ActivationResult {
  return { ok: false, errors: [{ file: '', path, message }], warnings: [] };
}
