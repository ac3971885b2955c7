import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from '../support/paths.ts';
import { buildProduct } from '../support/product.ts';

/** Modules that do something when they are imported, the code of Temporal's sandbox, and the console, which browsers run. */
const STARTS =
  /^console\/|cli\/main\.js$|(thread|-main|process-entry)[\w-]*\.m?js$|workflow-bundle\.js$|^src\/workflows\//;

test('Node can import every module of the build: tsx forgives imports that Node refuses', async () => {
  buildProduct();
  const dist = path.join(ROOT, 'dist');
  const modules = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.js') && !STARTS.test(file),
  );
  expect(modules.length).toBeGreaterThan(500);
  const script = `
    for (const file of ${JSON.stringify(modules)})
      await import(${JSON.stringify(`${dist}/`)} + file).catch((error) => console.log(file + ': ' + error.message));
    process.exit(0);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    maxBuffer: 2 ** 24,
  });
  expect(stdout).toBe('');
});
