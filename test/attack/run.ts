import os from 'node:os';
import process from 'node:process';
import { runWithStops } from '../../bench/stops.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { UserError } from '../../src/user-error.ts';
import { readNumberOption } from '../support/number-option.ts';
import type { Part } from './part.ts';
import { PARTS } from './parts/list.ts';
import { createRandom } from './random.ts';
import { formatReport, type PartResult } from './report.ts';
import { runParts } from './run-parts.ts';
import { startTarget } from './system.ts';

const DEFAULT_MINUTES = 5;
/** What starting and the parts with a fixed size take. */
const FIXED_MINUTES = 2;
const SHORTEST_SECONDS = 20;
const MAX_PRINTED = 20;
const SLOW_MS = 5_000;
const MAX_LOGGED = 5;
const LOGGED_CHARS = 1_000;

export interface AttackOptions {
  seed?: string;
  minutes?: string;
  only?: string;
}

/** Attacks a service of its own, and prints a table. The exit code is 1 after any violation. */
export async function runAttack(options: AttackOptions): Promise<void> {
  const seed = readNumberOption('--seed', options.seed) ?? Math.floor(Math.random() * 1e6);
  const minutes = readNumberOption('--minutes', options.minutes) ?? DEFAULT_MINUTES;
  const parts = readParts(options.only);
  const repeat = (only: string | undefined) =>
    `npm run attack -- --seed ${seed} --minutes ${minutes}${only ? ` --only ${only}` : ''}`;
  console.log(`seed ${seed}; to repeat: ${repeat(options.only)}`);
  const progress = createProgress();
  const began = Date.now();
  const results = await runWithStops(async (stops) => {
    const target = await progress.step('a service to attack', () => startTarget(stops));
    return runParts(target, parts, {
      random: createRandom(seed),
      seconds: Math.max(SHORTEST_SECONDS, (minutes - FIXED_MINUTES) * 60),
      onPart: async (title, run) => {
        const result = await progress.step(title, run);
        printViolations(result, repeat(result.name));
        return result;
      },
    });
  });
  if (!results) return;
  const seconds = Math.round((Date.now() - began) / 1_000);
  const [load = 0] = os.loadavg();
  console.log(`\n${formatReport(results)}\n`);
  console.log(
    `${os.cpus().length} × ${os.cpus()[0]?.model}, load ${load.toFixed(1)}, Node ${process.version}, in ${seconds} s`,
  );
  const failed = results.some(({ tally }) => tally.violations.length > 0);
  if (failed) console.log(`Something was wrong. To repeat: ${repeat(options.only)}`);
  process.exitCode = failed ? 1 : 0;
}

function printViolations({ name, tally, errors }: PartResult, repeat: string): void {
  if (tally.slowestMs > SLOW_MS && tally.slowest) console.log(`  slowest: ${tally.slowest}`);
  if (tally.skipped !== null) console.log(`  ${name} skipped: ${tally.skipped}`);
  for (const { what, input } of tally.violations.slice(0, MAX_PRINTED))
    console.log(`  ✖ ${what}\n    ${input}`);
  const more = tally.violations.length - MAX_PRINTED;
  if (more > 0) console.log(`  and ${more} more`);
  for (const line of errors.slice(0, MAX_LOGGED)) console.log(`  log: ${line.slice(0, LOGGED_CHARS)}`);
  if (tally.violations.length > 0) console.log(`  to repeat: ${repeat}`);
}

/** Parses `access,tokens`. @throws UserError for an unknown part */
export function readParts(text: string | undefined): Part[] {
  if (text === undefined) return [...PARTS];
  return text.split(',').map((name) => {
    const part = PARTS.find((known) => known.name === name.trim());
    if (part) return part;
    throw new UserError(`there is no part "${name}": use ${PARTS.map((known) => known.name).join(', ')}`);
  });
}
