import type { Command } from 'commander';

/** Adds the commands of operators. They work on the database itself. Each is imported when it is called. */
export function addOperateCommands(program: Command): void {
  program
    .command('migrate')
    .description('bring the schema of the database to this build; several at once are safe')
    .option('--check', 'change nothing, and fail if migrations are missing: for init containers')
    .addHelpText('after', '\nExample: DATABASE_URL=postgres://… throughline migrate')
    .action(async (options: { check?: boolean }) => (await import('../migrate.ts')).migrateCommand(options));

  const workspaces = program.command('workspaces').description('create and list workspaces');

  workspaces
    .command('create')
    .description('create a workspace: one brand or tenant')
    .argument('<id>', '1 to 64 of a-z, 0-9 and -; it stands in every key and journey for good')
    .option('--bundle <dir>', 'activate the bundle in this folder, which must have the same id')
    .option('--if-missing', 'do nothing if the workspace exists: for scripts')
    .addHelpText('after', '\nExample: throughline workspaces create aroma --bundle examples/aroma')
    .action(async (id: string, options: { bundle?: string; ifMissing?: boolean }) =>
      (await import('../workspaces/create.ts')).createWorkspaceCommand(id, options),
    );

  workspaces
    .command('list')
    .description('list all workspaces with their active bundles')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: throughline workspaces list --json')
    .action(async (options: { json?: boolean }) =>
      (await import('../workspaces/list.ts')).listWorkspacesCommand(options),
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
        (await import('../keys/create.ts')).createKeyCommand(kind, options),
    );

  keys
    .command('list')
    .description('list keys: how they begin, and when they were last used')
    .option('--workspace <id>', 'only the keys of this workspace')
    .option('--all', 'revoked keys, too')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: throughline keys list --workspace aroma')
    .action(async (options: { workspace?: string; all?: boolean; json?: boolean }) =>
      (await import('../keys/list.ts')).listKeysCommand(options),
    );

  keys
    .command('revoke')
    .description('revoke a key; it stops working within 3 seconds')
    .argument('<key>', 'its id, how it begins, or its label')
    .option('--workspace <id>', 'look only among the keys of this workspace')
    .option('--yes', "don't ask")
    .addHelpText('after', '\nExample: throughline keys revoke wk_Xk3f9QzA')
    .action(async (key: string, options: { workspace?: string; yes?: boolean }) =>
      (await import('../keys/revoke.ts')).revokeKeyCommand(key, options),
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
    .action(async (options: { json?: boolean }) =>
      (await import('../doctor/doctor.ts')).doctorCommand(options),
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
      (await import('../job/job.ts')).jobCommand(job, options),
    );

  program
    .command('after-restore')
    .description('run once after a restore of the database, before any role is started')
    .addHelpText('after', '\nExample: DATABASE_URL=postgres://… throughline after-restore')
    .action(async () => (await import('../after-restore.ts')).afterRestoreCommand());
}
