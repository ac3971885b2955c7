import { readActiveBundle, readBundle } from '../../../db/config/bundles.ts';
import { countParkedCustomers } from '../../../db/journeys/parked-customers.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import {
  type ActivationOptions,
  type ActivationResult,
  type AmendBundle,
  activateBundle,
} from './activate-bundle.ts';
import { type CompilerDeps, compileCandidate } from './compile-candidate.ts';

/** By journey and step: the destination of customers on a step that the older version lacks. A step's id, or `exit`. */
export type StepMoves = Record<string, Record<string, string>>;

/** An earlier version that can follow the active one, or why it can't. */
export type RollbackPlan =
  | { ok: true; files: BundleFile[]; amend: AmendBundle }
  | { ok: false; errors: Problem[]; warnings: Problem[] };

/**
 * Activates the files of an earlier version again, as a new version. The versions in between and the positions of all
 * customers are kept. A step that the earlier version lacks needs a destination while customers are on it; without one
 * the rollback is refused as a whole.
 */
export async function rollbackBundle(
  deps: CompilerDeps,
  workspace: string,
  version: number,
  moved: StepMoves = {},
  options: Omit<ActivationOptions, 'amend'> = {},
): Promise<ActivationResult> {
  const plan = await planRollback(deps, workspace, version, moved);
  return plan.ok ? activateBundle(deps, workspace, plan.files, { ...options, amend: plan.amend }) : plan;
}

/** The files of an earlier version, and how the active bundle is amended so that they can follow it. */
export async function planRollback(
  deps: CompilerDeps,
  workspace: string,
  version: number,
  moved: StepMoves,
): Promise<RollbackPlan> {
  const { sql } = deps.db;
  const earlier = await readBundle(sql, workspace, version);
  if (!earlier) return refuse('version', `there is no version ${version}: see GET /v1/config/versions`);
  const active = await readActiveBundle(sql, workspace);
  const target = await compileCandidate(deps, workspace, earlier.files, null, 0);
  if (!active || !target.ok) return { ok: true, files: earlier.files, amend: (bundle) => bundle };

  const steps = new Map(target.bundle.journeys.map((j) => [j.id, new Set(j.steps.map((step) => step.id))]));
  const parked = new Map<string, number>();
  for (const { journey, step, pinned, customers } of await countParkedCustomers(sql, workspace)) {
    // A pinned enrollment ends under the version that it entered, so its step stays.
    const position = `${journey} ${step}`;
    if (!pinned) parked.set(position, (parked.get(position) ?? 0) + customers);
  }
  const errors: Problem[] = checkMoves(moved, steps);
  const destinations = new Map<string, Record<string, string>>();
  for (const journey of active.compiled.journeys) {
    const kept = steps.get(journey.id);
    if (!kept) continue;
    const moves: Record<string, string> = {};
    for (const step of journey.steps.filter(({ id }) => !kept.has(id))) {
      const destination = getOwn(getOwn(moved, journey.id) ?? {}, step.id);
      const customers = parked.get(`${journey.id} ${step.id}`) ?? 0;
      if (destination === undefined && customers > 0)
        errors.push(reportMissingMove(journey.id, step.id, customers, version));
      moves[step.id] = destination ?? 'exit';
    }
    destinations.set(journey.id, moves);
  }
  if (errors.length > 0) return { ok: false, errors, warnings: [] };
  return { ok: true, files: earlier.files, amend: amendMoves(destinations, steps) };
}

/** Amends the active bundle as if its author had already declared where customers on removed steps go. */
function amendMoves(
  destinations: Map<string, Record<string, string>>,
  kept: Map<string, Set<string>>,
): AmendBundle {
  return (active) => ({
    ...active,
    journeys: active.journeys.map((journey) => {
      const moves = destinations.get(journey.id);
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

function reportMissingMove(journey: string, step: string, customers: number, version: number): Problem {
  const remedy = `add moved: {${journey}: {${step}: …}} with a step or exit`;
  const message = `${customers} customers are on step '${step}', which version ${version} doesn't have: ${remedy}`;
  return problem(`${journey}.${step}`, message);
}

function problem(path: string, message: string): Problem {
  return { file: 'moved', path, message };
}

function refuse(path: string, message: string): RollbackPlan {
  return { ok: false, errors: [{ file: '', path, message }], warnings: [] };
}
