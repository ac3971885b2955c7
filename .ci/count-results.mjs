// Prints how many tests passed and failed: `node .ci/count-results.mjs RESULTS [RESULTS_OF_REPEATED_FILES]`.
import { readFileSync } from 'node:fs';

const [first, second] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const repeated = new Set(second?.testResults.map(({ name }) => name));

/** What of the first run counts: the files that were not run again. */
const kept = first.testResults.filter(({ name }) => !repeated.has(name));
const tests = [...kept, ...(second?.testResults ?? [])].flatMap(({ assertionResults }) => assertionResults);
const count = (status) => tests.filter((test) => test.status === status).length;

// A file that could not be loaded has no failed test, and a leaked error none either: both are failures.
const { success } = second ?? first;
const failed = Math.max(count('failed'), success ? 0 : 1);
console.log(`${count('passed')} ${failed}`);
