import process from 'node:process';
import { measureBars } from './bars.ts';
import { measureSpeed } from './speed.ts';

/**
 * Measures how well decisions learn, and their CPU time: `npm run bench:decisions`, with `-- --seeds 5` for fewer worlds. A
 * missed goal is a line of the table, not a failure.
 */
const at = process.argv.indexOf('--seeds');
const seeds = at < 0 ? 20 : Number(process.argv[at + 1]);
if (!(Number.isInteger(seeds) && seeds > 1)) throw new Error('--seeds takes a whole number above 1');
console.log(`${measureBars(seeds)}\n`);
console.log(measureSpeed());
