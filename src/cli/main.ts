import process from 'node:process';
import { Command } from 'commander';
import { UserError } from '../user-error.ts';

// Every command is imported when it is called: `serve api` should not load the code of `start`.
const program = new Command('throughline')
  .description('Customer journeys on Temporal: started, served, fed and measured from here')
  .showHelpAfterError();

program
  .command('start')
  .description('run everything on this machine: Postgres, Temporal, a mailbox, API, relay and worker')
  .action(async () => (await import('./start/start.ts')).startCommand());

program
  .command('serve')
  .description('run one or more roles of a deployment: api, relay, worker')
  .argument('<roles...>', 'the roles to run in this process')
  .action(async (roles: string[]) => (await import('./serve.ts')).serveCommand(roles));

program
  .command('apply')
  .description('activate a bundle of journeys, actions and policies')
  .argument('<dir>', 'the folder that holds the bundle')
  .action(async (dir: string) => (await import('./bundle/apply.ts')).applyCommand(dir));

program
  .command('diff')
  .description('say what applying a bundle would do, and to whom; nothing is applied')
  .argument('<dir>', 'the folder that holds the bundle')
  .action(async (dir: string) => (await import('./bundle/diff.ts')).diffCommand(dir));

program
  .command('export')
  .description('write the files of the active bundle into a folder')
  .argument('[dir]', 'the folder', 'bundle')
  .option('--version <number>', 'of an earlier version')
  .option('--force', 'overwrite files that differ')
  .action(async (dir: string, options: { version?: string; force?: boolean }) =>
    (await import('./bundle/export.ts')).exportCommand(dir, options),
  );

program
  .command('rollback')
  .description('make an earlier bundle the active one again, as a new version')
  .argument('<version>', 'the number that apply printed')
  .option('--moved <moves...>', 'where those go who stand on a step that is gone: journey.step=destination')
  .action(async (version: string, options: { moved?: string[] }) =>
    (await import('./bundle/rollback.ts')).rollbackCommand(version, options),
  );

program
  .command('feed')
  .description('send the purchases of a file to the API, as happening now')
  .argument('<file>', 'in the layout of examples/cdnow/cdnow-sample.txt')
  .option('--historical', 'as backfill with their own dates: profiles only, no journey is entered')
  .option('--recent', 'as backfill with all dates moved so that the last purchase was yesterday: for scores')
  .option('--limit <count>', 'stop after so many purchases')
  .action(async (file: string, options: { historical?: boolean; recent?: boolean; limit?: string }) =>
    (await import('./feed/feed.ts')).feedCommand(file, options),
  );

program
  .command('job')
  .description("do a job of a workspace now, not only at its schedule's hour: learn, fit, guard or expire")
  .argument('<job>', 'learn from rewards, fit the scores, watch the guardrails, or end coupons')
  .option('--workspace <id>', 'whose; needed where there are several')
  .action(async (job: string, options: { workspace?: string }) =>
    (await import('./job/job.ts')).jobCommand(job, options),
  );

program
  .command('after-restore')
  .description('to be run once when the database was restored, before anything is started')
  .action(async () => (await import('./after-restore.ts')).afterRestoreCommand());

program
  .command('bench')
  .description('measure throughput and latency on this machine')
  .option('--only <parts>', 'some parts, such as bc, sweep or apply,conditions')
  .action(async (options: { only?: string }) => (await import('../../bench/run.ts')).runBench(options));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof UserError) console.error(`error: ${error.message}`);
  else console.error(error);
  // Not exitCode alone: a server that a failed command had begun would keep the process alive.
  process.exit(1);
}
