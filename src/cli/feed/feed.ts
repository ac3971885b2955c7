import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openDatabase, type Sql } from '../../../db/client.ts';
import { UserError } from '../../user-error.ts';
import { requireSchema } from '../database.ts';
import { describeFileProblem } from '../describe-file-problem.ts';
import { createBar } from '../progress-bar.ts';
import { findDifferences } from './compare-with-log.ts';
import { type Purchase, parsePurchases } from './parse-purchases.ts';
import { buildMessagePrefix, type FeedRun, shiftToYesterday } from './purchase-event.ts';
import {
  readCustomerIds,
  readDatabaseTime,
  readLoggedCustomers,
  readOutcome,
  readRejectedEvents,
} from './queries.ts';
import { type FeedReport, formatReport } from './report.ts';
import { sendPurchases } from './send-purchases.ts';
import { type FeedTarget, readFeedTarget } from './target.ts';
import { waitUntilSettled } from './wait-until-settled.ts';

/**
 * Sends a file of purchases to the API as events that happen now, waits until every customer journey has settled, prints
 * what happened, and compares the log with the file.
 *
 * @throws UserError when it fails, or when log and file differ
 */
export async function feedCommand(
  file: string,
  options: { historical?: boolean; recent?: boolean; limit?: string },
): Promise<void> {
  const limit = parseLimit(options.limit);
  const target = readFeedTarget();
  const purchases = parsePurchases(await readText(file)).slice(0, limit);
  if (purchases.length === 0) throw new UserError(`${file} has no purchases`);
  const recent = options.recent ?? false;
  const historical = recent || (options.historical ?? false);
  const shift = recent ? shiftToYesterday(purchases, new Date()) : 0;
  if (historical)
    console.log(
      'Backfill: events change profiles only. They enter no journey, and send nothing to customers.',
    );
  const report = await feed(purchases, target, historical, shift);
  console.log(
    `\n${formatReport(report)}\n\nLog and file agree: every event, and every customer's sum to the cent.`,
  );
}

/**
 * Sends parsed purchases, waits, and compares.
 *
 * @param shift days by which the dates of a backfill are moved
 */
export async function feed(
  purchases: Purchase[],
  target: FeedTarget,
  historical: boolean,
  shift = 0,
): Promise<FeedReport> {
  const run: FeedRun = { id: randomBytes(6).toString('hex'), historical, shiftDays: shift };
  const db = openDatabase(target.databaseUrl, { name: 'throughline-feed', max: 2 });
  try {
    const since = await readDatabaseTime(db.sql).catch((error: Error) => {
      throw new UserError(
        `the database can't be reached (${error.message}): run npm start, or set DATABASE_URL`,
      );
    });
    await requireSchema(db);
    const began = Date.now();
    await withProgressBar('sending', purchases.length, (add) => sendPurchases(purchases, run, target, add));
    const sentAt = Date.now();
    const ids = await readCustomerIds(db.sql, buildMessagePrefix(run));
    await withProgressBar('settling', ids.length, (_, update) => waitUntilSettled(db.sql, ids, update));
    const settledAt = Date.now();
    const report: FeedReport = {
      events: await compareWithLog(db.sql, purchases, ids, run),
      customers: ids.length,
      historical,
      sendingSeconds: (sentAt - began) / 1_000,
      settledSeconds: (settledAt - began) / 1_000,
      outcome: await readOutcome(db.sql, { ids, since }),
    };
    const { entered } = report.outcome;
    if (historical && entered > 0)
      throw new UserError(`backfill entered ${entered} journeys; it must enter none`);
    return report;
  } finally {
    await db.close();
  }
}

async function compareWithLog(sql: Sql, purchases: Purchase[], ids: string[], run: FeedRun): Promise<number> {
  const logged = await readLoggedCustomers(sql, ids, buildMessagePrefix(run));
  const differences = findDifferences(purchases, logged);
  if (differences.length === 0) return purchases.length;
  for (const { messageId, reason } of await readRejectedEvents(sql, buildMessagePrefix(run)))
    differences.push(`${messageId} was refused: ${reason}`);
  throw new UserError(`log and file differ: ${differences.join('; ')}`);
}

async function withProgressBar<T>(
  title: string,
  total: number,
  work: (add: (count: number) => void, update: (value: number) => void) => Promise<T>,
): Promise<T> {
  const bar = createBar(title, total);
  let value = 0;
  const update = (next: number) => {
    value = next;
    bar.update(value);
  };
  try {
    return await work((count) => update(value + count), update);
  } finally {
    bar.stop();
  }
}

function parseLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UserError(`--limit is "${text}": use an integer from 1`);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError(`${file} can't be read: ${describeFileProblem(error)}`);
  }
}
