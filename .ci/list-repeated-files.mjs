// Prints the test files that CI runs a second time: `node .ci/list-repeated-files.mjs RESULTS`.
//
// A test that drives a browser, real servers or other processes can fail because the machine was busy. Its file is run
// once more, alone. What fails twice is red; what fails once is printed, and is a defect of the test or of the product.
// Tests of pure code, properties, replays and of the database are never repeated: there a failure that is rare is a failure.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const DRIVES_OTHERS = /^test\/(api|attack|channels|cli|clients|console|dev|faults|journeys|service)\//;
/** More files than these fail for a reason. */
const MOST = 4;

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const failed = testResults.filter(({ status }) => status === 'failed');
const files = failed.map(({ name }) => path.relative(process.cwd(), name));
const isRepeated =
  files.length <= MOST &&
  files.every((file) => DRIVES_OTHERS.test(file) && !file.endsWith('.property.test.ts'));
if (isRepeated && files.length > 0) console.log(files.join(' '));
