import type { Command } from 'commander';

/** Adds the commands about single customers and their events. Each is imported when it is called. */
export function addCustomerCommands(program: Command): void {
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
    .action(
      async (ref: string, action: string | undefined, options: { json?: boolean; exitCode?: boolean }) =>
        (await import('../customer/why.ts')).whyCommand(ref, action, options),
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
        (await import('../customer/tail.ts')).tailCommand(ref, options),
    );

  program
    .command('advance')
    .description("make time pass for one customer's journey, on a development server")
    .argument('<customer>', 'user:helen, anon:…, ext:{type}:{id} or cus_…')
    .argument('<duration>', 'how long: 90m, 25h, 3d, 2w, or PT25H')
    .addHelpText('after', '\nExample: npm run throughline -- advance user:helen 25h')
    .action(async (ref: string, duration: string) =>
      (await import('../advance/advance.ts')).advanceCommand(ref, duration),
    );

  program
    .command('decision')
    .description('print everything that is stored of a decision, with the inputs that it rested on')
    .argument('<id>', 'the id of the decision, dec_…')
    .addHelpText('after', '\nExample: throughline decision dec_01a2237c_1_1')
    .action(async (id: string) => (await import('../decision.ts')).decisionCommand(id));

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
    .addHelpText('after', '\nExample: throughline feed examples/cdnow/cdnow-sample.txt --limit 100')
    .action(async (file: string, options: { historical?: boolean; recent?: boolean; limit?: string }) =>
      (await import('../feed/feed.ts')).feedCommand(file, options),
    );
}
