import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';

/** The commands that do something, with their full names. */
function listCommands(command: Command, prefix: string): [string, Command][] {
  if (command.commands.length === 0) return [[prefix, command]];
  return command.commands.flatMap((sub) => listCommands(sub, `${prefix} ${sub.name()}`));
}

function readHelp(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

test.each(listCommands(createProgram(), 'throughline'))(
  '%s: --help says what it does, with an example',
  (name, command) => {
    expect(command.description()).not.toBe('');
    const [, example = ''] = /Examples?:\s+(.+)/.exec(readHelp(command)) ?? [];
    const called = name.replace('throughline ', '');
    expect(example).toMatch(new RegExp(`(throughline|npm run throughline --|npm) ${called}\\b`));
  },
);

test('the commands are listed in groups, each one in one', () => {
  const help = readHelp(createProgram());
  for (const group of ['Run:', 'Operate:', 'Journeys:', 'Customers:']) expect(help).toContain(`\n${group}\n`);
});
