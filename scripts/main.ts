import { Command } from 'commander';
import type { BenchOptions } from '../bench/run.ts';
import { runProgram } from '../src/cli/run-program.ts';
import type { ChaosOptions } from '../test/chaos/run.ts';

// The commands that need the sources. `bin/throughline.mjs` starts this file through tsx.
const program = new Command('throughline').showHelpAfterError();

program
  .command('bench')
  .description('measure throughput and latency on this machine')
  .option('--only <parts>', 'measure only these parts, such as bc, sweep or apply,conditions')
  .option('--temporal-store <store>', 'where Temporal keeps its state: memory or postgres', 'memory')
  .option('--processes <number>', 'how many processes of each role decide in parts b, c and d', '1')
  .addHelpText('after', '\nExample: npm run bench -- --only bc --temporal-store postgres --processes 2')
  .action(async (options: BenchOptions) => (await import('../bench/run.ts')).runBench(options));

program
  .command('chaos')
  .description('break servers and roles of its own while customers act, and check that nothing is lost')
  .option('--seed <number>', 'repeat the histories and faults of an earlier run')
  .option('--minutes <number>', 'begin no new round after so many minutes', '3')
  .option('--customers <number>', 'how many customers act in each round', '80')
  .option('--fault <kinds>', 'only these kinds, such as "worker killed,out of order"')
  .option('--temporal-store <store>', 'where Temporal keeps its state: sqlite or postgres', 'sqlite')
  .option('--processes <number>', 'at least so many processes of each role', '1')
  .addHelpText(
    'after',
    "\nExample: npm run chaos -- --seed 7 --minutes 2 --fault 'worker killed,out of order'",
  )
  .action(async (options: ChaosOptions) => (await import('../test/chaos/run.ts')).runChaos(options));

program
  .command('attack')
  .description('attack a service of its own on this machine, and check that it stays safe and alive')
  .option('--seed <number>', 'repeat the inputs of an earlier run')
  .option('--minutes <number>', 'about how long it may take', '5')
  .option('--only <parts>', 'only these parts, such as access,tokens')
  .addHelpText('after', '\nExample: npm run attack -- --only access,events --seed 7 --minutes 3')
  .action(async (options: { seed?: string; minutes?: string; only?: string }) =>
    (await import('../test/attack/run.ts')).runAttack(options),
  );

await runProgram(program);
