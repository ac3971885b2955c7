import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../support/paths.ts';
import { expand, isIgnored, parseDockerfile, parseDockerignore, parseEnv, type Stage } from './dockerfile.ts';

const run = promisify(execFile);

/** What the steps of a Dockerfile made: the image's file system, and how it is started. */
export interface BuiltImage {
  /** The folder that stands for the image's root. */
  root: string;
  workdir: string;
  env: Record<string, string>;
  entrypoint: string[];
  healthcheck: string[];
  /** The number of the user; the one of this process if it may not become another. */
  user: { uid: number; gid: number };
  baseImages: string[];
}

/** Root may become any user; anyone else stays who they are. */
const isRoot = process.getuid?.() === 0;

/**
 * Does what `docker build` does without a container engine: runs each RUN, and copies what each COPY names, in the order
 * of the Dockerfile, as its user instead of root. The base image is this machine. Absolute paths are below `root`.
 * @param node the folder of the Node that stands for the base image's
 */
export async function runDockerfileSteps(dir: string, node: string): Promise<BuiltImage> {
  const stages = parseDockerfile(readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8'));
  const user = readUser(stages.at(-1));
  const built = new Map<string, string>();
  let result: BuiltImage | undefined;
  for (const [index, stage] of stages.entries()) {
    const root = path.join(dir, `stage-${index}`);
    makeDir(root, user);
    result = await runStage(stage, { root, node, user, isLast: index === stages.length - 1, built });
    built.set(stage.name, root);
  }
  if (!result) throw new Error('the Dockerfile has no stage');
  return { ...result, baseImages: stages.map(({ image }) => image) };
}

interface StageOptions {
  root: string;
  node: string;
  user: BuiltImage['user'];
  isLast: boolean;
  built: Map<string, string>;
}

async function runStage(stage: Stage, options: StageOptions): Promise<BuiltImage> {
  const { root, node, user } = options;
  const inImage = new Map([['PATH', `${node}:/usr/local/bin:/usr/bin:/bin`]]);
  const image: BuiltImage = {
    root,
    workdir: '/',
    env: {},
    entrypoint: [],
    healthcheck: [],
    user,
    baseImages: [],
  };
  const inRoot = (place: string) => path.join(root, path.resolve(image.workdir, place));
  for (const { name, text } of stage.instructions) {
    if (name === 'WORKDIR') {
      image.workdir = text;
      makeDir(inRoot('.'), user);
    } else if (name === 'ENV') {
      for (const [variable, value] of parseEnv(text)) inImage.set(variable, expand(value, inImage));
    } else if (name === 'COPY') copy(text, inRoot, options);
    else if (name === 'RUN') {
      // A path such as /usr would be this machine's.
      if (/(^|[\s=])\/(?!dev\/null)/.test(text))
        throw new Error(`this check can't run an absolute path: ${text}`);
      await run('/bin/sh', ['-c', text], {
        cwd: inRoot('.'),
        env: { ...networkSettings(), ...Object.fromEntries(inImage), HOME: root, ...npmCache(user) },
        maxBuffer: 2 ** 26,
        ...(isRoot ? user : {}),
      }).catch((error) => {
        throw new Error(`RUN ${text}: ${error.stdout}${error.stderr}`);
      });
    } else if (name === 'ENTRYPOINT') image.entrypoint = JSON.parse(text);
    else if (name === 'HEALTHCHECK') image.healthcheck = JSON.parse(text.slice(text.indexOf('CMD ') + 4));
    else if (!['LABEL', 'EXPOSE', 'USER', 'STOPSIGNAL', 'CMD'].includes(name))
      throw new Error(`this check can't run ${name}`);
  }
  // In the image root owns the files, and nobody else may write them.
  if (options.isLast && isRoot) execFileSync('chmod', ['-R', 'go-w', root]);
  const inPath = (folder: string) => (folder.startsWith(image.workdir) ? path.join(root, folder) : folder);
  const PATH = (inImage.get('PATH') ?? '').split(':').map(inPath).join(':');
  image.env = { ...Object.fromEntries(inImage), PATH };
  return image;
}

/** How this machine reaches package registries; a container engine passes the like on, too. */
function networkSettings(): Record<string, string> {
  const isOne = (name: string) =>
    /^(NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|npm_config_(registry|cafile)|(https?|no|all)_proxy)$/i.test(
      name,
    );
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value && isOne(name) ? [[name, value]] : [])),
  );
}

/** A cache that stays, so that only the first check downloads all packages. */
function npmCache(user: BuiltImage['user']): Record<string, string> {
  const dir = path.join(tmpdir(), `throughline-npm-${isRoot ? user.uid : process.getuid?.()}`);
  makeDir(dir, user);
  return { npm_config_cache: dir, npm_config_prefer_offline: 'true' };
}

/** COPY of files of the build context, or of an earlier stage. In the last stage they belong to root. */
function copy(text: string, inRoot: (place: string) => string, { built, user, isLast }: StageOptions): void {
  const words = text.split(/\s+/);
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const places = words.filter((word) => !word.startsWith('--'));
  const target = inRoot(places.at(-1) ?? '.');
  const copied: string[] = [];
  for (const source of places.slice(0, -1)) {
    const origin = path.join(from === undefined ? ROOT : (built.get(from) ?? `no stage ${from}`), source);
    const into = lstatSync(origin).isDirectory() ? target : path.join(target, path.basename(source));
    if (from !== undefined) {
      // The earlier stage is not used again, so that links are as good as copies, and quicker.
      execFileSync('cp', ['-RlPT', origin, into]);
      copied.push(into);
      continue;
    }
    // A folder that the copy makes belongs to the same user.
    const made = mkdirSync(path.dirname(into), { recursive: true });
    if (made !== undefined) copied.push(made);
    for (const file of listContext(source)) {
      cpSync(path.join(origin, file), path.join(into, file), { recursive: true, verbatimSymlinks: true });
      copied.push(path.join(into, file.split('/')[0] ?? ''));
    }
  }
  const owner = isLast ? { uid: 0, gid: 0 } : user;
  if (isRoot) execFileSync('chown', ['-Rh', `${owner.uid}:${owner.gid}`, ...new Set(copied)]);
}

/** The files below a folder of the repository that git knows, or would add, and .dockerignore leaves in. */
function listContext(source: string): string[] {
  const patterns = parseDockerignore(readFileSync(path.join(ROOT, '.dockerignore'), 'utf8'));
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z', '--', source], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const files = listed.split('\0').filter((file) => file !== '' && !isIgnored(file, patterns));
  if (files.length === 0) throw new Error(`COPY ${source}: .dockerignore leaves nothing of it`);
  // A file that was deleted and not committed yet is still listed.
  return files.filter((file) => existsSync(path.join(ROOT, file))).map((file) => path.relative(source, file));
}

/** USER of the last stage, which must be a number other than root's. */
function readUser(stage: Stage | undefined): BuiltImage['user'] {
  const text = stage?.instructions.find(({ name }) => name === 'USER')?.text ?? '';
  const [uid, gid] = text.split(':').map(Number);
  if (!uid || !gid)
    throw new Error('USER must be numbers other than 0, so that Kubernetes sees that it is not root');
  return { uid, gid };
}

function makeDir(dir: string, user: BuiltImage['user']): void {
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o755);
  if (isRoot) chownSync(dir, user.uid, user.gid);
}
