import process from 'node:process';
import { UserError } from '../user-error.ts';
import { createProgram } from './program.ts';

// Libraries that print times, such as the template engine, do so in the machine's zone, whose clocks may skip an hour.
process.env.TZ = 'UTC';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof UserError) console.error(`error: ${error.message}`);
  else console.error(error);
  // exitCode alone is not enough: a server that a failed command had started would keep the process alive.
  process.exit(1);
}
