import type { Tx } from '../../../../db/client.ts';
import { readConfigVersion } from '../../../../db/config/active-bundle.ts';
import {
  type CountState,
  dropOldCells,
  findDueCustomers,
  lockCounts,
  pageCustomers,
  readEverHeldOut,
  saveCounts,
  takeChanges,
} from '../../../../db/reports/counts/counts.ts';
import type { CountSettings } from '../../../../db/schema/json.ts';
import type { Bundle } from '../../../domain/definition.ts';
import type { JobDeps, JobProgress, JobRequest } from '../../jobs/job.ts';
import { addCells, countCustomers } from './count-customers.ts';
import { toDay } from './periods.ts';

/** Version of the code that counts. A build that counts something else raises it, and counts all customers again. */
const COUNT_VERSION = 5;

/** Customers of one transaction, which may not wait for its next statement for long. */
const PAGE = 250;

/**
 * Counts one page of what has changed since the last one: first customers with changes, then those of whom a window holds
 * something else today, then all others of a count from the beginning. Counts and position are in one transaction, under
 * a lock: whatever is killed, each customer is counted exactly once, and one process counts at a time.
 */
export async function countReports(deps: JobDeps, { workspace, now }: JobRequest): Promise<JobProgress> {
  const { sql } = deps.db;
  const version = await readConfigVersion(sql, workspace);
  if (version === 0) return { more: false };
  const bundle = await deps.bundles(sql, workspace, version);
  const settings = await readSettings(sql, bundle);
  const day = toDay(now);
  const progress = await sql.begin(async (tx) => {
    const locked = await lockCounts(tx, workspace, { settings, day });
    if (!locked) return { more: false };
    const result = await countPage(tx, workspace, startOver(locked.state, settings), day);
    const isDone = !result.more;
    const countedAt = isDone ? locked.now : result.state.countedAt;
    await saveCounts(tx, workspace, { ...result.state, day: isDone ? day : result.state.day, countedAt });
    await deps.failpoint?.('counting', workspace);
    return { more: result.more };
  });
  await deps.failpoint?.('counted', workspace);
  return progress;
}

async function readSettings(tx: Tx, { workspace, journeys }: Bundle): Promise<CountSettings> {
  const listIds = (isMarketing: boolean) =>
    journeys
      .filter((journey) => (journey.class === 'marketing') === isMarketing)
      .map(({ id }) => id)
      .sort();
  return {
    version: COUNT_VERSION,
    currency: workspace.currency,
    timezone: workspace.timezone,
    holdouts: await readEverHeldOut(tx, workspace.id),
    marketing: listIds(true),
    others: listIds(false),
  };
}

/** Begins another generation if what was counted is not what has to be counted now. */
function startOver(state: CountState, settings: CountSettings): CountState {
  const { settings: old } = state;
  const same = (['version', 'currency', 'timezone', 'holdouts'] as const).every(
    (name) => JSON.stringify(old[name]) === JSON.stringify(settings[name]),
  );
  // A journey that is new has nothing that was counted otherwise.
  const isKept =
    old.marketing.every((id) => settings.marketing.includes(id)) &&
    settings.marketing.every((id) => !old.others.includes(id));
  if (same && isKept) return { ...state, settings };
  return { ...state, settings, generation: state.generation + 1, cursor: '' };
}

async function countPage(
  tx: Tx,
  workspace: string,
  state: CountState,
  day: number,
): Promise<{ more: boolean; state: CountState }> {
  const { generation, cursor } = state;
  const changes = await takeChanges(tx, workspace, PAGE);
  for (const { minus, generation: counted } of changes)
    if (minus && counted === generation) await takeAway(tx, workspace, generation, minus);
  const changed = changes.flatMap(({ customerId }) => (customerId === '' ? [] : [customerId]));
  const room = PAGE - changes.length;
  const due = room > 0 ? await findDueCustomers(tx, { workspace, generation, day, most: room }) : [];
  const rest = room - due.length;
  const page = cursor !== null && rest > 0 ? await pageCustomers(tx, workspace, cursor, rest) : [];
  await countCustomers(tx, workspace, state, [...new Set([...changed, ...due, ...page])], day);
  const isWhole = cursor === null || (rest > 0 && page.length < rest);
  const next = { ...state, cursor: isWhole ? null : (page.at(-1) ?? cursor) };
  const isPublished = isWhole && state.published !== generation;
  if (isPublished) next.published = generation;
  if (isWhole) next.publishedSettings = next.settings;
  const dropped = isWhole ? await dropOldCells(tx, workspace, next, 40 * PAGE) : 0;
  const more = changes.length === PAGE || due.length === room || !isWhole || dropped === 40 * PAGE;
  return { more, state: next };
}

async function takeAway(
  tx: Tx,
  workspace: string,
  generation: number,
  minus: NonNullable<Awaited<ReturnType<typeof takeChanges>>[number]['minus']>,
): Promise<void> {
  const negated = Object.fromEntries(
    Object.entries(minus).map(([name, sums]) => [
      name,
      sums.map((sum) => (typeof sum === 'string' ? String(-BigInt(sum)) : -sum)),
    ]),
  );
  await addCells(tx, workspace, generation, negated);
}
