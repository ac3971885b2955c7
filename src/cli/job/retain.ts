import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Sql } from '../../../db/client.ts';
import { createPartitions } from '../../../db/partitions/create-partitions.ts';
import {
  dropExpired,
  previewExpired,
  type Retention,
  type RetentionStep,
} from '../../app/retention/drop-expired.ts';
import { readRetention } from '../../config.ts';
import { UserError } from '../../user-error.ts';
import { formatCount, formatNumber } from './format-count.ts';

/** Pause while another process drops. */
const BUSY_MS = 500;

/** Drops what `RETAIN_EVENTS`, `RETAIN_DECISIONS` and `RETAIN_CONTENT` no longer keep, as the relay does each hour, and prints it. */
export async function retainCommand(
  databaseUrl: string,
  { workspace, dryRun = false }: { workspace?: string; dryRun?: boolean },
): Promise<void> {
  if (workspace !== undefined)
    throw new UserError('retain is about all workspaces together: leave out --workspace');
  const retention = readRetentionOrFail();
  const db = openDatabase(databaseUrl, { name: 'throughline-retain', max: 1 });
  try {
    const lines = dryRun
      ? await preview(db.administration, retention)
      : await retain(db.administration, retention);
    for (const line of lines) console.log(line);
  } finally {
    await db.close();
  }
}

function readRetentionOrFail(): Retention {
  try {
    return readRetention(process.env);
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

async function preview(sql: Sql, retention: Retention): Promise<string[]> {
  const months = await previewExpired(sql, retention);
  const lines = months.map(
    ({ table, month, rows, needed, bytes }) =>
      `${table} of ${month}: would drop ${formatCount(rows - needed, 'row')} and keep ${formatNumber(needed)} (${formatNumber(Math.ceil(bytes / 1_000_000))} MB)`,
  );
  return [...lines, ...describeRest(retention, lines.length)];
}

async function retain(sql: Sql, retention: Retention): Promise<string[]> {
  await createPartitions(sql);
  const lines: string[] = [];
  let isBusy = true;
  const note = (step: RetentionStep) => {
    isBusy ||= step.kind === 'busy';
    const line = describeStep(step);
    if (line !== null) lines.push(line);
  };
  while (isBusy) {
    isBusy = false;
    while (await dropExpired(sql, retention, note));
    if (isBusy) await sleep(BUSY_MS);
  }
  return [...lines, ...describeRest(retention, lines.length)];
}

function describeStep(step: RetentionStep): string | null {
  switch (step.kind) {
    case 'dropped':
      return `${step.table} of ${step.month}: dropped ${formatCount(step.rows - step.kept, 'row')}, kept ${formatNumber(step.kept)}`;
    case 'deleted':
      return step.rows > 0
        ? `${step.table}: deleted ${formatCount(step.rows, 'kept row')} that nothing needs any more`
        : null;
    case 'blocked':
      return `${step.table} of ${step.month}: a transaction uses the table, so that it could not be dropped without delaying others: run this again`;
    default:
      return null;
  }
}

/** Nothing is dropped of a table without a limit. */
function describeRest({ events, decisions, sent_messages: content }: Retention, lines: number): string[] {
  const unlimited = [
    ...(events === null ? ['events are kept without limit: set RETAIN_EVENTS'] : []),
    ...(decisions === null ? ['decisions are kept without limit: set RETAIN_DECISIONS'] : []),
    ...(content === null ? ['content is kept without limit: set RETAIN_CONTENT'] : []),
  ];
  return lines === 0 && unlimited.length < 3 ? ['nothing is older than it is kept', ...unlimited] : unlimited;
}
