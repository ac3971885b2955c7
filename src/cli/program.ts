import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { addBundleCommands } from './commands/bundle.ts';
import { addCustomerCommands } from './commands/customer.ts';
import { addOperateCommands } from './commands/operate.ts';
import { addRunCommands } from './commands/run.ts';
import { addUserCommands } from './commands/users.ts';

/** All commands of `throughline`, in groups. `serve api` does not load the code of `start`: each is imported when called. */
export function createProgram(): Command {
  const program = new Command('throughline')
    .description('Customer journeys on Temporal')
    .version(VERSION)
    // `export --version 3` means a bundle.
    .enablePositionalOptions()
    .showHelpAfterError();
  addRunCommands(program.commandsGroup('Run:'));
  addOperateCommands(program.commandsGroup('Operate:'));
  addUserCommands(program);
  addBundleCommands(program.commandsGroup('Journeys:'));
  addCustomerCommands(program.commandsGroup('Customers:'));
  return program;
}
