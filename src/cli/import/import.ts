import type { CheckedUnit } from './check-calls.ts';
import { checkUnits } from './check-units.ts';
import { formatMapping, formatPreview } from './preview.ts';
import { type ImportFlags, type Plan, readPlan } from './read-plan.ts';
import type { BadRow } from './row.ts';
import { runImport } from './run-import.ts';
import { readTarget } from './target.ts';

const PREVIEWED = 100;

/**
 * Imports a file as history: it changes profiles, enters no journey and sends nothing to customers. It can be ended at any
 * time, also by `kill -9`: the same command goes on where it was, and each row counts once.
 *
 * @throws UserError when the file or the flags can't be used, or the API refuses the events
 */
export async function importCommand(file: string, flags: ImportFlags): Promise<void> {
  const plan = await readPlan(file, flags);
  for (const { def, bad } of plan.joins)
    if (bad > 0)
      console.log(`${bad} rows of ${def.file} can't be read, and are missing in what they belong to.`);
  if (flags.dryRun) {
    console.log(formatPreview(await preview(plan), plan.mapping));
    return;
  }
  const target = readTarget();
  console.log(formatMapping(plan.mapping));
  const { sent, rejected, resumed } = await runImport(plan, target, flags.restart ?? false);
  const from = resumed > 0 ? ` (went on after ${resumed} rows)` : '';
  console.log(`\n${sent} events were accepted as history${from}.`);
  if (rejected > 0)
    console.log(`${rejected} rows were rejected: ${plan.rejectedFile} has each with its line and reason.`);
}

async function preview(plan: Plan): Promise<(CheckedUnit | BadRow)[]> {
  const units: (CheckedUnit | BadRow)[] = [];
  for await (const unit of checkUnits(plan)) {
    units.push(unit);
    if (units.length >= PREVIEWED) break;
  }
  return units;
}
