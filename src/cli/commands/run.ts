import type { Command } from 'commander';

/** Adds the commands that run the service. Each is imported when it is called. */
export function addRunCommands(program: Command): void {
  program
    .command('start')
    .description('run everything on this machine: Postgres, Temporal, a mailbox, API, relay and worker')
    .option('--temporal-ui', "also start Temporal's UI, on port 8233 if it is free")
    .addHelpText('after', '\nExample: npm start -- --temporal-ui')
    .action(async (options: { temporalUi?: boolean }) =>
      (await import('../start/start.ts')).startCommand(options),
    );

  program
    .command('serve')
    .description('run one or more roles of a deployment: api, relay, worker')
    .argument('<roles...>', 'the roles to run in this process')
    .addHelpText('after', '\nExample: throughline serve api relay')
    .action(async (roles: string[]) => (await import('../serve.ts')).serveCommand(roles));
}
