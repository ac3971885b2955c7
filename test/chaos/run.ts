import os from 'node:os';
import process from 'node:process';
import { UserError } from '../../src/user-error.ts';
import { readNumberOption } from '../support/number-option.ts';
import { PRODUCT_WORKFLOWS } from '../support/product.ts';
import { formatViolation } from './checker/violation.ts';
import type { Fault } from './faults/fault.ts';
import { FAULTS } from './faults/list.ts';
import { createRandom, type Random } from './random.ts';
import { addToReport, formatReport, type ReportRow } from './report.ts';
import { runRound } from './round.ts';
import { type Stage, startStage } from './stage.ts';

const CUSTOMERS = 80;
const MINUTES = 3;
/** I4. */
const LIMIT_MS = 30_000;
const PATIENCE_MS = 120_000;
const MAX_PRINTED = 20;

export interface ChaosOptions {
  seed?: string;
  minutes?: string;
  customers?: string;
  fault?: string;
  temporalStore?: string;
  processes?: string;
}

/** Injects faults of all kinds for some minutes, and prints a table. The exit code is 1 after any violation. */
export async function runChaos(options: ChaosOptions): Promise<void> {
  const seed = readNumberOption('--seed', options.seed) ?? Math.floor(Math.random() * 1e6);
  const minutes = readNumberOption('--minutes', options.minutes) ?? MINUTES;
  const customers = readNumberOption('--customers', options.customers) ?? CUSTOMERS;
  const kinds = readKinds(options.fault);
  const { temporalStore = 'sqlite' } = options;
  if (temporalStore !== 'sqlite' && temporalStore !== 'postgres')
    throw new UserError(`Temporal has no store "${temporalStore}": use sqlite or postgres`);
  const processes = readNumberOption('--processes', options.processes) ?? 1;
  const more = [
    customers === CUSTOMERS ? '' : ` --customers ${customers}`,
    options.fault ? ` --fault '${options.fault}'` : '',
    temporalStore === 'sqlite' ? '' : ` --temporal-store ${temporalStore}`,
    processes === 1 ? '' : ` --processes ${processes}`,
  ].join('');
  const again = `npm run chaos -- --seed ${seed} --minutes ${minutes}${more}`;
  console.log(`seed ${seed}; to repeat: ${again}`);
  let stage: Stage | undefined;
  const interrupt = () => void stage?.stop().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const rows = new Map<string, ReportRow>();
  try {
    stage = await startStage((line) => console.log(`  ${line}`), { temporalStore, processes });
    const deadline = Date.now() + minutes * 60_000;
    const random = createRandom(seed);
    for (const [index, fault] of takeInTurn(kinds, random)) {
      if (index > 0 && Date.now() > deadline) break;
      const began = Date.now();
      const round = await runRound(stage, {
        fault,
        name: `r${index}`,
        random: random.fork(`round ${index}`),
        customers,
        codePath: PRODUCT_WORKFLOWS,
        limitMs: LIMIT_MS,
        patienceMs: PATIENCE_MS,
      });
      addToReport(rows, round);
      const count = round.violations.length;
      const seconds = Math.round((Date.now() - began) / 1_000);
      console.log(
        `  ${fault.kind}: ${round.acknowledged} acknowledged, ${count} violations, slowest ${round.slowest.toFixed(1)} s (${seconds} s)`,
      );
      for (const violation of round.violations.slice(0, MAX_PRINTED))
        console.log(`    ${formatViolation(violation)}`);
      if (count > MAX_PRINTED) console.log(`    and ${count - MAX_PRINTED} more`);
    }
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
    await stage?.stop();
  }
  const [load = 0] = os.loadavg();
  console.log(`\n${formatReport(rows.values())}\n`);
  console.log(
    `${os.cpus().length} × ${os.cpus()[0]?.model}, load ${load.toFixed(1)}, Node ${process.version}`,
  );
  const failed = [...rows.values()].some(({ violations }) => violations.length > 0);
  if (failed) console.log(`Something was violated. To repeat: ${again}`);
  process.exitCode = failed ? 1 : 0;
}

/** All kinds in random order, again and again. */
function* takeInTurn(faults: Fault[], random: Random): Generator<[number, Fault]> {
  for (let index = 0; ; )
    for (const fault of random.shuffle(faults)) {
      yield [index, fault];
      index++;
    }
}

/** Parses `worker killed,relay killed`. */
function readKinds(text: string | undefined): Fault[] {
  if (text === undefined) return FAULTS;
  return text.split(',').map((each) => {
    const kind = each.trim();
    const fault = FAULTS.find((known) => known.kind === kind);
    if (fault) return fault;
    throw new UserError(`there is no fault "${kind}": use ${FAULTS.map((known) => known.kind).join(', ')}`);
  });
}
