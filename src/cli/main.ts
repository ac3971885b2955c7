import process from 'node:process';
import { Command } from 'commander';
import { UserError } from '../user-error.ts';
import { VERSION } from '../version.ts';

// Libraries that print times, such as the template engine, do so in the machine's zone, whose clocks may skip an hour.
process.env.TZ = 'UTC';

// Each command is imported when it is called, so that `serve api` does not load the code of `start`.
const program = new Command('throughline')
  .description('Customer journeys on Temporal')
  .version(VERSION)
  // `export --version 3` means a bundle.
  .enablePositionalOptions()
  .showHelpAfterError();

program
  .command('start')
  .description('run everything on this machine: Postgres, Temporal, a mailbox, API, relay and worker')
  .option('--temporal-ui', "also start Temporal's UI, on port 8233 if it is free")
  .addHelpText('after', '\nExample: npm start -- --temporal-ui')
  .action(async (options: { temporalUi?: boolean }) =>
    (await import('./start/start.ts')).startCommand(options),
  );

program
  .command('serve')
  .description('run one or more roles of a deployment: api, relay, worker')
  .argument('<roles...>', 'the roles to run in this process')
  .action(async (roles: string[]) => (await import('./serve.ts')).serveCommand(roles));

program
  .command('migrate')
  .description('bring the schema of the database to this build; several at once are safe')
  .option('--check', 'change nothing, and fail if migrations are missing: for init containers')
  .addHelpText('after', '\nExample: DATABASE_URL=postgres://… throughline migrate')
  .action(async (options: { check?: boolean }) => (await import('./migrate.ts')).migrateCommand(options));

const workspaces = program.command('workspaces').description('create and list workspaces');

workspaces
  .command('create')
  .description('create a workspace: one brand or tenant')
  .argument('<id>', '1 to 64 of a-z, 0-9 and -; it stands in every key and journey for good')
  .option('--bundle <dir>', 'activate the bundle in this folder, which must have the same id')
  .option('--if-missing', 'do nothing if the workspace exists: for scripts')
  .addHelpText('after', '\nExample: throughline workspaces create aroma --bundle examples/aroma')
  .action(async (id: string, options: { bundle?: string; ifMissing?: boolean }) =>
    (await import('./workspaces/create.ts')).createWorkspaceCommand(id, options),
  );

workspaces
  .command('list')
  .description('list all workspaces with their active bundles')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample: throughline workspaces list --json')
  .action(async (options: { json?: boolean }) =>
    (await import('./workspaces/list.ts')).listWorkspacesCommand(options),
  );

const keys = program.command('keys').description('create, list and revoke keys');

keys
  .command('create')
  .description('create a key and print it; it can never be shown again')
  .argument('<kind>', 'write (servers send events), browser (pages and apps) or api')
  .requiredOption('--label <text>', 'who uses it')
  .option('--workspace <id>', 'the workspace; required if there are several')
  .option('--scopes <list>', 'of an API key: all, or some of read,decide,act,configure,operate')
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    `
Examples:
  throughline keys create write --label shop
  throughline keys create browser --label website
  throughline keys create api --label support --scopes read,act
  KEY=$(throughline keys create write --label shop)   # standard output has the key alone`,
  )
  .action(
    async (kind: string, options: { label: string; workspace?: string; scopes?: string; json?: boolean }) =>
      (await import('./keys/create.ts')).createKeyCommand(kind, options),
  );

keys
  .command('list')
  .description('list keys: how they begin, and when they were last used')
  .option('--workspace <id>', 'only the keys of this workspace')
  .option('--all', 'revoked keys, too')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample: throughline keys list --workspace aroma')
  .action(async (options: { workspace?: string; all?: boolean; json?: boolean }) =>
    (await import('./keys/list.ts')).listKeysCommand(options),
  );

keys
  .command('revoke')
  .description('revoke a key; it stops working within 3 seconds')
  .argument('<key>', 'its id, how it begins, or its label')
  .option('--workspace <id>', 'look only among the keys of this workspace')
  .option('--yes', "don't ask")
  .addHelpText('after', '\nExample: throughline keys revoke wk_Xk3f9QzA')
  .action(async (key: string, options: { workspace?: string; yes?: boolean }) =>
    (await import('./keys/revoke.ts')).revokeKeyCommand(key, options),
  );

program
  .command('doctor')
  .description('look at everything that a deployment needs, and say what to do about what is wrong')
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    `
Run it with the environment of the roles; it changes nothing, and fails if something does not work.

Examples:
  throughline doctor
  throughline doctor --json | jq '.findings[] | select(.level != "ok")'`,
  )
  .action(async (options: { json?: boolean }) => (await import('./doctor/doctor.ts')).doctorCommand(options));

program
  .command('apply')
  .description('activate a bundle of journeys, actions and policies')
  .argument('<dir>', 'the folder that holds the bundle')
  .action(async (dir: string) => (await import('./bundle/apply.ts')).applyCommand(dir));

program
  .command('diff')
  .description('show what applying a bundle would change, and for how many customers; nothing is applied')
  .argument('<dir>', 'the folder that holds the bundle')
  .action(async (dir: string) => (await import('./bundle/diff.ts')).diffCommand(dir));

program
  .command('export')
  .description('write the files of the active bundle into a folder')
  .argument('[dir]', 'the folder', 'bundle')
  .option('--version <number>', 'export this earlier version')
  .option('--force', 'overwrite files that differ')
  .action(async (dir: string, options: { version?: string; force?: boolean }) =>
    (await import('./bundle/export.ts')).exportCommand(dir, options),
  );

program
  .command('rollback')
  .description('activate an earlier bundle again, as a new version')
  .argument('<version>', 'the number that apply printed')
  .option('--moved <moves...>', 'where customers at a removed step go: journey.step=destination')
  .action(async (version: string, options: { moved?: string[] }) =>
    (await import('./bundle/rollback.ts')).rollbackCommand(version, options),
  );

program
  .command('why')
  .description('explain whether a customer gets an action now, what is against it, and when that is over')
  .argument('<customer>', 'user:…, anon:…, ext:{type}:{id}, email:…, phone:… or cus_…')
  .argument('[action]', 'the action; without it, all actions in short')
  .option('--json', 'print data instead of sentences: one object a line')
  .option('--exit-code', 'exit with 3 if the action does not reach the customer now')
  .addHelpText(
    'after',
    `
Example: npm run throughline -- why user:helen tip-grinder

Reads THROUGHLINE_URL and THROUGHLINE_API_KEY (scope read), or the running npm start. Changes and sends nothing.
Exit codes: 0 answered; 1 no such customer or action, or no answer; 3 see --exit-code.`,
  )
  .action(async (ref: string, action: string | undefined, options: { json?: boolean; exitCode?: boolean }) =>
    (await import('./customer/why.ts')).whyCommand(ref, action, options),
  );

program
  .command('tail')
  .description('print what happened to a customer as sentences, and go on with what happens')
  .argument('<customer>', 'user:…, anon:…, ext:{type}:{id}, email:…, phone:… or cus_…')
  .option('-n, --lines <count>', 'how much of the past to print', '20')
  .option('--since <time>', 'print the past since a time, or of a duration such as 2h, instead')
  .option('--no-follow', 'print the past and end')
  .option('--json', 'print data: one object a line, with its sentence')
  .addHelpText(
    'after',
    `
Example: npm run throughline -- tail user:helen --since 2h

Reads THROUGHLINE_URL and THROUGHLINE_API_KEY (scope read), or the running npm start. Follows the customer into a merge,
and waits while the API restarts. Ends with Ctrl-C, or when the customer is erased.
Exit codes: 0 ended; 1 no such customer, or no answer at the start.`,
  )
  .action(
    async (ref: string, options: { lines?: string; since?: string; follow?: boolean; json?: boolean }) =>
      (await import('./customer/tail.ts')).tailCommand(ref, options),
  );

program
  .command('feed')
  .description('send the purchases in a file to the API, as events that happen now')
  .argument('<file>', 'a file in the layout of examples/cdnow/cdnow-sample.txt')
  .option('--historical', 'send as backfill with their own dates: changes profiles, enters no journey')
  .option(
    '--recent',
    'send as backfill, with dates moved so that the last purchase was yesterday: for scores',
  )
  .option('--limit <count>', 'send only the first <count> purchases')
  .action(async (file: string, options: { historical?: boolean; recent?: boolean; limit?: string }) =>
    (await import('./feed/feed.ts')).feedCommand(file, options),
  );

program
  .command('job')
  .description('run a job of a workspace now: learn, fit, guard or expire; or retain, for all workspaces')
  .argument(
    '<job>',
    'learn (from rewards), fit (scores), guard (guardrails), expire (coupons), or retain (drop old months)',
  )
  .option('--workspace <id>', 'the workspace; required if there are several')
  .option('--dry-run', 'retain: only print what would be dropped')
  .addHelpText(
    'after',
    '\nExamples:\n  throughline job fit\n  RETAIN_EVENTS="25 months" throughline job retain --dry-run',
  )
  .action(async (job: string, options: { workspace?: string; dryRun?: boolean }) =>
    (await import('./job/job.ts')).jobCommand(job, options),
  );

program
  .command('advance')
  .description("make time pass for one customer's journey, on a development server")
  .argument('<customer>', 'user:helen, anon:…, ext:{type}:{id} or cus_…')
  .argument('<duration>', 'how long: 90m, 25h, 3d, 2w, or PT25H')
  .addHelpText('after', '\nExample: npm run throughline -- advance user:helen 25h')
  .action(async (ref: string, duration: string) =>
    (await import('./advance/advance.ts')).advanceCommand(ref, duration),
  );

program
  .command('decision')
  .description('print everything that is stored of a decision, with the inputs that it rested on')
  .argument('<id>', 'the id of the decision, dec_…')
  .addHelpText('after', '\nExample: throughline decision dec_01a2237c_1_1')
  .action(async (id: string) => (await import('./decision.ts')).decisionCommand(id));

program
  .command('after-restore')
  .description('run once after a restore of the database, before any role is started')
  .action(async () => (await import('./after-restore.ts')).afterRestoreCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof UserError) console.error(`error: ${error.message}`);
  else console.error(error);
  // exitCode alone is not enough: a server that a failed command had started would keep the process alive.
  process.exit(1);
}
