import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../user-error.ts';
import type { AppProcess } from './supervise.ts';

const POLL_MS = 50;
const REQUEST_TIMEOUT_MS = 3_000;
/** After three crashes the role is considered broken. */
const CRASHES_ALLOWED = 2;

/** Waits until every URL answers 200. @throws UserError after printing the last lines, on repeated crashes or after `timeoutMs` */
export async function waitUntilReady(
  urls: string[],
  apps: AppProcess[],
  timeoutMs: number,
  print: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let last = 'no answer';
  let [url, ...waiting] = urls;
  while (url !== undefined && Date.now() < deadline) {
    const crashing = apps.find((app) => app.crashes() > CRASHES_ALLOWED);
    if (crashing) {
      printTail(crashing, print);
      throw new UserError(`${crashing.role} keeps ending before it is ready: see the lines above`);
    }
    last = await ask(url);
    if (last === 'ready') [url, ...waiting] = waiting;
    else await sleep(POLL_MS, undefined, { signal });
  }
  if (url === undefined) return;
  for (const app of apps) printTail(app, print);
  throw new UserError(
    `${url} did not answer 200 within ${timeoutMs / 1_000} s (${last}): see the lines above`,
  );
}

async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    const text = await response.text();
    return response.status === 200 ? 'ready' : `status ${response.status}: ${text.slice(0, 200)}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }
}

function printTail(app: AppProcess, print: (line: string) => void): void {
  print(`the last lines of ${app.role}:`);
  for (const line of app.tail()) print(`  ${line}`);
}
