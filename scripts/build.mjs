// `npm run build`: makes `dist` of the sources. With --if-needed only if it is not made of these sources.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole } from './build-console.mjs';
import { withBuildLock } from './build-lock.mjs';
import { DIST, hashSources, isBuilt, NOTE, placeOf, ROOT } from './sources.mjs';

/** What package.json exports, and so what needs types. */
const ENTRIES = ['src/index.ts', 'src/testing/index.ts'];
/** Files that the build reads beside its code. */
const ASSETS = [
  'db/migrations/meta/_journal.json',
  'src/limits/process-entry.mjs',
  'src/temporal/payload-converter.cjs',
  ...readdirSync(path.join(ROOT, 'db', 'migrations'))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => `db/migrations/${name}`),
];

const say = (line) => console.error(line);

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${path.basename(command)} failed:\n${output}`)),
    );
  });
}

const tsc = path.join(ROOT, 'node_modules', '.bin', 'tsc');

/** Compiles without checking types, which `npm test` does. */
function compile(out) {
  return run(tsc, ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', out]);
}

/** Writes the types of what the package exports, and of what these name. */
async function writeTypes(out) {
  const config = path.join(out, 'tsconfig.json');
  const all = path.join(out, 'types');
  const files = ENTRIES.map((file) => path.join(ROOT, file));
  writeFileSync(
    config,
    JSON.stringify({
      extends: path.join(ROOT, 'tsconfig.build.json'),
      compilerOptions: {
        declaration: true,
        emitDeclarationOnly: true,
        noCheck: true,
        outDir: all,
        rootDir: ROOT,
        typeRoots: [path.join(ROOT, 'node_modules', '@types')],
      },
      files,
      include: [],
    }),
  );
  await run(tsc, ['-p', config]);
  const open = ENTRIES.map((file) => path.join(all, file.replace(/\.ts$/, '.d.ts')));
  const kept = new Set(open);
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const target = path.join(out, 'dist', path.relative(all, file));
    const text = readFileSync(file, 'utf8');
    for (const [, name] of text.matchAll(/(?:from |import\()["'](\.[^"']*)\.ts["']/g)) {
      const next = path.join(path.dirname(file), `${name}.d.ts`);
      if (kept.has(next)) continue;
      kept.add(next);
      open.push(next);
    }
    mkdirSync(path.dirname(target), { recursive: true });
    // A declaration names JavaScript, beside which the next declaration lies.
    writeFileSync(target, text.replaceAll(/((?:from |import\()["']\.[^"']*)\.ts(["'])/g, '$1.js$2'));
  }
}

/** Bundles the code that Temporal's workers run in their sandbox. */
async function bundleWorkflows(file) {
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(ROOT, 'src', 'workflows', 'index.ts'),
    payloadConverterPath: path.join(ROOT, 'src', 'temporal', 'payload-converter.cjs'),
    logger: new DefaultLogger('WARN'),
  });
  writeFileSync(file, trimSourceMap(code));
}

/**
 * The SDK requires a source map in the bundle: it names the places in stack traces. Without the texts of the sources,
 * and without the path of this machine.
 */
function trimSourceMap(code) {
  const mark = 'sourceMappingURL=data:application/json;charset=utf-8;base64,';
  const at = code.lastIndexOf(mark);
  if (at < 0) throw new Error('the workflow bundle has no source map');
  const map = JSON.parse(Buffer.from(code.slice(at + mark.length), 'base64').toString());
  delete map.sourcesContent;
  map.sources = map.sources.map((source) => source.replace(/^webpack:\/\//, '').replaceAll(ROOT, ''));
  return `${code.slice(0, at + mark.length)}${Buffer.from(JSON.stringify(map)).toString('base64')}\n`;
}

/** Puts a new build in place of the old one. */
function replaceFolder(built, target, trash) {
  for (;;) {
    if (existsSync(target)) renameSync(target, trash());
    try {
      return renameSync(built, target);
    } catch (error) {
      // Another process has put its own there since.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    }
  }
}

/** The steps of each part, which write into a folder in place of `dist`. */
const STEPS = {
  service(out, dist) {
    for (const file of ASSETS) cpSync(path.join(ROOT, file), path.join(dist, file), { recursive: true });
    mkdirSync(path.join(dist, 'src'), { recursive: true });
    return [
      ['compiled', compile(dist)],
      ['types', writeTypes(out)],
      ['workflow bundle', bundleWorkflows(path.join(dist, 'src', 'workflow-bundle.js'))],
    ];
  },
  console: (_out, dist) => [['console', buildConsole(ROOT, placeOf('console', dist))]],
};

/** Makes these parts, each of its sources. The others stay as they are. */
async function build(parts) {
  const began = Date.now();
  const temporary = path.join(ROOT, '.throughline');
  mkdirSync(temporary, { recursive: true });
  const out = mkdtempSync(path.join(temporary, 'build-'));
  const dist = path.join(out, 'dist');
  try {
    mkdirSync(dist);
    // Until each has ended, whether it fails or not: the folder is removed afterwards.
    const results = await Promise.allSettled(
      [...parts.keys()]
        .flatMap((part) => STEPS[part](out, dist))
        .map(async ([name, done]) => {
          await done;
          say(`  ${name} (${((Date.now() - began) / 1_000).toFixed(1)} s)`);
        }),
    );
    const failure = results.find(({ status }) => status === 'rejected');
    if (failure) throw failure.reason;
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    for (const [part, sources] of parts)
      writeFileSync(path.join(placeOf(part, dist), NOTE), `${JSON.stringify({ version, sources })}\n`);
    const trash = () => path.join(mkdtempSync(path.join(out, 'old-')), 'dist');
    if (!parts.has('service')) return replaceFolder(placeOf('console', dist), placeOf('console'), trash);
    const kept = placeOf('console');
    if (!parts.has('console')) cpSync(kept, placeOf('console', dist), { recursive: true });
    replaceFolder(dist, DIST, trash);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** The parts that are not made of the sources as they are, with the hash of these. */
function listStale(always) {
  const parts = ['service', 'console'].map((part) => [part, hashSources(part)]);
  return new Map(parts.filter(([part, sources]) => always || !isBuilt(part, sources)));
}

/**
 * Makes what of `dist` is not made of these sources: the service, the console, or both.
 *
 * @throws Error if a step fails: `dist` is as before then
 */
export async function ensureBuilt({ always = false } = {}) {
  if (!always && listStale(false).size === 0) return;
  await withBuildLock(
    async () => {
      const stale = listStale(always);
      if (stale.size === 0) return;
      say(existsSync(DIST) ? 'The sources changed: building …' : 'Building, once until the sources change …');
      await build(stale);
    },
    () => say('Another process is building: waiting for it …'),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await ensureBuilt({ always: !process.argv.includes('--if-needed') });
  } catch (error) {
    say(`error: ${error.message}`);
    process.exitCode = 1;
  }
}
