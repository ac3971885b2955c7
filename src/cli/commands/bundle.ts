import type { Command } from 'commander';
import type { PreviewOptions } from '../bundle/preview.ts';

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
    .command('preview')
    .description("print an action's message as a customer would get it; nothing is sent")
    .argument('<action>', 'the action, such as order-confirmation')
    .option(
      '--as <customer>',
      'user:…, anon:…, ext:{type}:{id}, email:…, phone:… or cus_…; without it nobody is known',
    )
    .option('--channel <channel>', "default: the action's first")
    .option('--locale <locale>', "default: the customer's own")
    .option('--variant <variant>', "test variant; default: the customer's own")
    .option('--bundle <dir>', 'a folder with a changed bundle, which is not applied')
    .option('--html <file>', 'write the HTML into a file')
    .option('--send-to <address>', 'send it to an address of TEST_RECIPIENTS, marked [Test]')
    .option('--json', 'print data')
    .addHelpText(
      'after',
      '\nExample: throughline preview order-confirmation --as user:helen --html mail.html',
    )
    .action(async (action: string, options: PreviewOptions) =>
      (await import('../bundle/preview.ts')).previewCommand(action, options),
    );

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
