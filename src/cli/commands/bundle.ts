import type { Command } from 'commander';

/** Adds the commands for bundles of journeys. They call the API. Each is imported when it is called. */
export function addBundleCommands(program: Command): void {
  program
    .command('apply')
    .description('activate a bundle of journeys, actions and policies')
    .argument('<dir>', 'the folder that holds the bundle')
    .addHelpText('after', '\nExample: throughline apply examples/aroma')
    .action(async (dir: string) => (await import('../bundle/apply.ts')).applyCommand(dir));

  program
    .command('diff')
    .description('show what applying a bundle would change, and for how many customers; nothing is applied')
    .argument('<dir>', 'the folder that holds the bundle')
    .addHelpText('after', '\nExample: throughline diff examples/aroma')
    .action(async (dir: string) => (await import('../bundle/diff.ts')).diffCommand(dir));

  program
    .command('export')
    .description('write the files of the active bundle into a folder')
    .argument('[dir]', 'the folder', 'bundle')
    .option('--version <number>', 'export this earlier version')
    .option('--force', 'overwrite files that differ')
    .addHelpText('after', '\nExample: throughline export bundle --version 3')
    .action(async (dir: string, options: { version?: string; force?: boolean }) =>
      (await import('../bundle/export.ts')).exportCommand(dir, options),
    );

  program
    .command('rollback')
    .description('activate an earlier bundle again, as a new version')
    .argument('<version>', 'the number that apply printed')
    .option('--moved <moves...>', 'where customers at a removed step go: journey.step=destination')
    .addHelpText('after', '\nExample: throughline rollback 2')
    .action(async (version: string, options: { moved?: string[] }) =>
      (await import('../bundle/rollback.ts')).rollbackCommand(version, options),
    );
}
