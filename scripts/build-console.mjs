// The console's part of the build: bundles its pages for browsers, and compresses them once instead of in every answer.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Smaller files gain nothing. */
const SMALLEST = 1_000;

/** Bundles `console/` of the checkout into a folder. @throws Error with the output of the step that failed */
export async function buildConsole(root, out) {
  const folder = path.join(root, 'console');
  await runTool(folder, ['openapi-typescript', '../openapi.json', '--output', 'src/api/schema.d.ts']);
  await runTool(folder, ['vite', 'build', '--outDir', out, '--emptyOutDir', '--logLevel', 'warn']);
  const assets = path.join(out, 'assets');
  await Promise.all(readdirSync(assets).map((name) => compress(path.join(assets, name))));
}

/** Runs the program of a package that the console has installed, wherever npm has put it. */
function runTool(cwd, [name, ...args]) {
  const file = createRequire(path.join(cwd, 'package.json')).resolve(`${name}/package.json`);
  const { bin } = createRequire(file)(file);
  const program = path.join(path.dirname(file), typeof bin === 'string' ? bin : bin[name]);
  // As it is everywhere: otherwise the page would be React's development build where tests run.
  const env = { ...process.env, NODE_ENV: 'production' };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${name} failed:\n${output}`))));
  });
}

/** Writes `FILE.br` and `FILE.gz` beside a file. */
async function compress(file) {
  if (!/\.(js|css|svg)$/.test(file)) return;
  const text = await readFile(file);
  if (text.length < SMALLEST) return;
  const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } };
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(text, options),
    promisify(gzip)(text, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
}
