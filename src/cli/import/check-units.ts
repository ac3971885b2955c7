import { createCallBuilder } from './build-calls.ts';
import { type CheckedUnit, checkUnit } from './check-calls.ts';
import type { Plan } from './read-plan.ts';
import { readRows } from './read-rows.ts';
import { type BadRow, isBad } from './row.ts';
import { countGroups, toUnits } from './units.ts';

/**
 * The units of the file, each as calls or with the reason why it becomes none.
 * @param from units before this one are passed over
 */
export async function* checkUnits(plan: Plan, from = 0): AsyncGenerator<CheckedUnit | BadRow> {
  const build = createCallBuilder(plan.mapping, plan.notation);
  const { group } = plan;
  const groups =
    group === undefined ? null : { column: group, sizes: await countGroups(plan.file, group, plan.read) };
  let number = 0;
  for await (const unit of toUnits(readRows(plan.file, plan.read), plan.joins, groups))
    if (number++ >= from) yield isBad(unit) ? unit : checkUnit(unit, build);
}
