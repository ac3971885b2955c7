import type { Command } from 'commander';
import type { ImportFlags } from '../import/read-plan.ts';

/** Adds the commands of operators. They work on the database; `import` posts events. Each is imported when it is called. */
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
    .command('connect')
    .description('print what to set at a vendor, and wait for its first webhook')
    .argument('<kind>', 'a kind of source or channel: zendesk, shopify, stripe, twilio, …')
    .option('--source <id>', 'the source in sources.yaml; default: the only one of this kind, or a new one')
    .option('--secret <secret>', 'the secret that the vendor shows; - reads it from standard input')
    .option('--workspace <id>', 'the workspace; required if there are several')
    .option('--wait <duration>', 'how long to wait for the first webhook; 0 does not wait', '10m')
    .addHelpText(
      'after',
      `
  Examples:
    npm run throughline -- connect zendesk
    pbpaste | throughline connect stripe --secret -

  Reads DATABASE_URL and PUBLIC_URL, or the running npm start, for which it writes the secret, too.
  Ends with what the vendor has sent, in sentences, or with Ctrl-C.`,
    )
    .action(
      async (
        kind: string,
        options: { source?: string; secret?: string; workspace?: string; wait?: string },
      ) => (await import('../connect/connect.ts')).connectCommand(kind, options),
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
    .description(
      'run a job of a workspace now: learn, fit, guard, expire or count; or retain, for all workspaces',
    )
    .argument(
      '<job>',
      'learn (from rewards), fit (scores), guard (guardrails), expire (coupons), count (reports), or retain (drop old months)',
    )
    .option('--workspace <id>', 'the workspace; required if there are several')
    .option('--recount', 'count: count all customers again; reports show the earlier counts meanwhile')
    .option('--dry-run', 'retain: only print what would be dropped')
    .addHelpText(
      'after',
      '\nExamples:\n  throughline job fit\n  throughline job count --recount\n  RETAIN_EVENTS="25 months" throughline job retain --dry-run',
    )
    .action(async (job: string, options: { workspace?: string; dryRun?: boolean; recount?: boolean }) =>
      (await import('../job/job.ts')).jobCommand(job, options),
    );

  program
    .command('import')
    .description(
      'import a file of orders, customers, tickets or events as history; sends nothing to customers',
    )
    .argument('<file>', 'CSV with a header, or NDJSON')
    .option(
      '--as <kind>',
      'what a row is: orders, customers, tickets, events, or calls (of Segment, as they are)',
    )
    .option(
      '--map <pairs...>',
      'which column is a field: order_id=InvoiceNo; otherwise by the name of the column',
    )
    .option('--set <pairs...>', 'a field that is the same in all rows: currency=EUR')
    .option('--keep <columns...>', "further columns to keep, as properties or traits; '*' for all")
    .option('--mapping <file>', 'a YAML file that says the same: as, fields, constants, keep, group, join')
    .option('--group <column>', 'rows with one value in it are the products of one order')
    .option('--join <files...>', 'a file with more about each row: items=order_items.csv:order_id')
    .option('--dry-run', 'send nothing, and print what the first 100 rows become')
    .option('--decimal <sign>', 'comma (1.299,00) or point (1,299.00)')
    .option('--dates <order>', 'of dates such as 12.11.2026: dmy or mdy')
    .option('--timezone <zone>', 'of times without an offset; otherwise UTC')
    .option('--at <time>', 'of customers without a time; otherwise when the file was last changed')
    .option('--delimiter <sign>', 'of CSV; otherwise it is found in the header')
    .option('--columns <names>', 'of CSV without a header, separated by commas')
    .option('--encoding <name>', 'such as windows-1252; otherwise UTF-8, or what a byte order mark says')
    .option('--format <format>', 'csv or ndjson; otherwise by the name of the file')
    .option('--rejected <file>', 'where rejected rows go (default: FILE.rejected.ndjson)')
    .option(
      '--state <file>',
      'where it is kept how far the import has come (default: FILE.import-state.json)',
    )
    .option('--restart', 'begin from the start again; rows that were imported count once')
    .addHelpText(
      'after',
      `
  Reads THROUGHLINE_URL and THROUGHLINE_WRITE_KEY, or the running npm start. If it ends early, also by kill -9, the same
  command goes on where it was. Each row counts once.

  Examples:
    throughline import orders.csv --as orders --dry-run
    throughline import orders.csv --as orders --set currency=BRL \\
      --join items=order_items.csv:order_id customers=customers.csv:customer_id \\
      --map userId=customers.customer_unique_id
    throughline import contacts.csv --as customers --map ext:crm=ContactId --keep City Plan`,
    )
    .action(async (file: string, flags: ImportFlags) =>
      (await import('../import/import.ts')).importCommand(file, flags),
    );

  program
    .command('after-restore')
    .description('run once after a restore of the database, before any role is started')
    .addHelpText('after', '\nExample: DATABASE_URL=postgres://… throughline after-restore')
    .action(async () => (await import('../after-restore.ts')).afterRestoreCommand());
}
