import process from 'node:process';
import { createProgram } from './program.ts';
import { runProgram } from './run-program.ts';

// Libraries that print times, such as the template engine, do so in the machine's zone, whose clocks may skip an hour.
process.env.TZ = 'UTC';

await runProgram(createProgram());
