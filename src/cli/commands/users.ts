import type { Command } from 'commander';

/** Adds the commands for the people who use the console. They work on the database. */
export function addUserCommands(program: Command): void {
  const users = program
    .command('users')
    .description('create people who use the console, and set their roles');

  users
    .command('create')
    .description('create a user; the password is asked for, or read from standard input')
    .argument('<login>', 'what they type to log in, such as kim or kim@aroma.example')
    .requiredOption('--role <role>', 'viewer, support, agent, marketer or operator')
    .option('--name <name>', 'how others see them; otherwise the login')
    .option('--workspace <id>', 'the workspace of the role; required if there are several')
    .addHelpText(
      'after',
      `
  Examples:
    throughline users create kim --name "Kim Tan" --role operator
    pass show aroma/kim | throughline users create kim --role agent --workspace aroma

  docs/reference/permissions.md says what each role permits.`,
    )
    .action(async (login: string, options: { name?: string; role: string; workspace?: string }) =>
      (await import('../users/create.ts')).createUserCommand(login, options),
    );

  users
    .command('list')
    .description('list users and their roles')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: throughline users list --json')
    .action(async (options: { json?: boolean }) =>
      (await import('../users/list.ts')).listUsersCommand(options),
    );

  users
    .command('roles')
    .description('give a user a role in a workspace, or take it away; the next request obeys it')
    .argument('<login>', 'the login of the user')
    .option('--role <role>', 'viewer, support, agent, marketer or operator')
    .option('--remove', 'take the role away')
    .option('--workspace <id>', 'the workspace; required if there are several')
    .addHelpText(
      'after',
      `
  Examples:
    throughline users roles kim --role marketer --workspace aroma
    throughline users roles kim --remove --workspace tealeaf`,
    )
    .action(async (login: string, options: { role?: string; remove?: boolean; workspace?: string }) =>
      (await import('../users/roles.ts')).changeRoleCommand(login, options),
    );

  users
    .command('set-password')
    .description('set a new password and end all sessions; it is asked for, or read from standard input')
    .argument('<login>', 'the login of the user')
    .addHelpText('after', '\nExample: throughline users set-password kim')
    .action(async (login: string) => (await import('../users/set-password.ts')).setPasswordCommand(login));

  users
    .command('disable')
    .description('disable a user and end all their sessions, or enable them again')
    .argument('<login>', 'the login of the user')
    .option('--enable', 'let them log in again')
    .addHelpText('after', '\nExample: throughline users disable kim')
    .action(async (login: string, options: { enable?: boolean }) =>
      (await import('../users/disable.ts')).disableUserCommand(login, options),
    );
}
