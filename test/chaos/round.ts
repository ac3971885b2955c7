import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './checker/check.ts';
import type { Evidence } from './checker/evidence.ts';
import { readDatabase } from './checker/read-database.ts';
import { replayDecisions } from './checker/replayed-decisions.ts';
import type { Violation } from './checker/violation.ts';
import { decodeCandidates } from './decode-candidates.ts';
import type { Fault } from './faults/fault.ts';
import { writeHistories } from './histories.ts';
import type { Random } from './random.ts';
import { waitUntilDelivered, waitUntilLive, waitUntilProcessed } from './recovery.ts';
import { replayAll } from './replay.ts';
import type { Person } from './said.ts';
import { type Sending, sendHistories } from './sender.ts';
import type { Stage } from './stage.ts';

export interface RoundOptions {
  fault: Fault;
  /** Prefix of the round's ids. */
  name: string;
  random: Random;
  customers: number;
  /** The file of the bundled workflow code. */
  codePath: string;
  /** How long journeys may take after the last fault was mended, and how long the round waits for them at most. */
  limitMs: number;
  patienceMs: number;
  /** Replaces what the fault says about it. */
  spreadMs?: number;
}

/** What came of a round. */
export interface RoundResult {
  kind: string;
  tries: number;
  acknowledged: number;
  violations: Violation[];
  /** Seconds from the end of a fault until the journeys had caught up, at most. */
  slowest: number;
  evidence: Evidence;
}

const DEFAULT_SPREAD_MS = 8_000;

/** Sends histories while one kind of fault is injected, waits until all is calm, and checks everything. */
export async function runRound(stage: Stage, options: RoundOptions): Promise<RoundResult> {
  const { fault, name, random, patienceMs, limitMs } = options;
  const spreadMs = options.spreadMs ?? fault.spreadMs ?? DEFAULT_SPREAD_MS;
  const people = writeHistories(random.fork('histories'), {
    prefix: name,
    customers: options.customers,
    spreadMs,
  });
  const context = { stage, people, random: random.fork('faults') };
  await stage.roles.scale(fault.roles ?? {});
  await fault.before?.(context);
  const crashesBefore = stage.roles.crashes.length;

  const target = { urls: () => stage.roles.apiUrls(), writeKey: stage.writeKey, apiKey: stage.apiKey };
  const sending = sendHistories(people, target, fault.style ?? {}, random.fork('sending'));
  const violations: Violation[] = [];
  const recoveries: { what: string; seconds: number }[] = [];
  const note = (what: string, seconds: number | null) =>
    recoveries.push({ what, seconds: seconds ?? patienceMs / 1_000 });
  for (let n = 0; n < fault.tries; n++) {
    await sleep(context.random.between(500, 2_000));
    await fault.inject?.(context);
    note(`to catch up after fault ${n + 1}`, await waitUntilProcessed(stage, people, patienceMs));
  }
  violations.push(...(await finishSending(sending, patienceMs)));
  note('to catch up in the end', await waitUntilProcessed(stage, people, patienceMs));
  const delivered = await waitUntilDelivered(stage, people, patienceMs);
  if (delivered === null)
    violations.push(
      stuck('delivery', name, `deliveries are due and do not leave after ${patienceMs / 1_000} s`),
    );
  const { seconds, views } = await waitUntilLive(stage, people, patienceMs);
  note('to answer live', seconds);
  const slowest = Math.max(...recoveries.map((each) => each.seconds));
  for (const { what, seconds: took } of recoveries)
    if (took * 1_000 > limitMs)
      violations.push(
        stuck('recovery', name, `took ${took.toFixed(1)} s ${what}, more than ${limitMs / 1_000} s`),
      );
  await fault.after?.(context);

  const evidence = await collect(stage, people, views, options.codePath);
  violations.push(...check(evidence), ...listCrashes(stage, crashesBefore, name));
  const acknowledged = people.flatMap(({ steps }) => steps.filter((step) => step.acknowledged)).length;
  const tries = fault.inject ? fault.tries : fault.kind === 'none' ? 0 : acknowledged;
  return { kind: fault.kind, tries, acknowledged, violations, slowest, evidence };
}

/** Waits until everything is acknowledged. What nobody acknowledges is given up and reported. */
async function finishSending(sending: Sending, patienceMs: number): Promise<Violation[]> {
  const finished = await Promise.race([sending.done.then(() => true), sleep(patienceMs, false)]);
  if (finished) return [];
  const waiting = sending.waiting();
  sending.giveUp();
  await sending.done;
  return [stuck('request', 'api', `${waiting} requests are not acknowledged after ${patienceMs / 1_000} s`)];
}

async function collect(
  stage: Stage,
  people: Person[],
  views: Evidence['views'],
  codePath: string,
): Promise<Evidence> {
  const database = await readDatabase(stage.sql, people, decodeCandidates);
  const ids = database.customers.filter(({ mergedInto }) => mergedInto === null).map(({ id }) => id);
  return {
    people,
    database,
    receipts: [...stage.mail.receipts, ...stage.sms.receipts],
    bounced: stage.mail.bounced,
    views,
    decidedAgain: await replayDecisions(stage.roles.apiUrls()[0] ?? '', stage.apiKey, stage.bundleVersion),
    unreplayable: await replayAll(stage, ids, codePath),
  };
}

function listCrashes({ roles, sms }: Stage, before: number, name: string): Violation[] {
  const crashes = roles.crashes
    .slice(before)
    .map((detail): Violation => ({ kind: 'other', rule: 'crash', subject: name, detail }));
  const forged: Violation[] =
    sms.forged > 0
      ? [{ kind: 'other', rule: 'signature', subject: name, detail: `${sms.forged} messages are not signed` }]
      : [];
  return [...crashes, ...forged];
}

function stuck(rule: string, subject: string, detail: string): Violation {
  return { kind: 'stuck', rule, subject, detail };
}
