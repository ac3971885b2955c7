import type { BundleFile } from '../../../definitions/source/bundle-file.ts';
import type { Problem } from '../../../definitions/source/problem.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../../domain/definition.ts';
import { PoolBusy, type PoolLimits, ProcessLimitError, ProcessPool } from '../../../limits/process-pool.ts';
import { Unavailable } from '../../intake/incoming-event.ts';
import type { CompilerWork, WorkAnswer, WorkRequest } from './work.ts';

type Result<Kind extends keyof CompilerWork> =
  | { ok: true; done: CompilerWork[Kind]['answer'] }
  | { ok: false; problem: Problem };

/** Compiles and compares bundles where they can hold up nothing else: see ADR 15. */
export interface BundleCompiler {
  /**
   * Does one piece of work for a workspace. A bundle that exceeds the limits is a problem of the bundle.
   * @throws Unavailable when too much work waits
   */
  run<Kind extends keyof CompilerWork>(
    kind: Kind,
    workspace: string,
    request: CompilerWork[Kind]['request'],
  ): Promise<Result<Kind>>;
  /** Pieces of work that wait for a process. */
  readonly waiting: number;
  close(): Promise<void>;
}

/**
 * The largest bundles that people write (200 journeys, 1,000 actions) take a second and 200 MB. Two workspaces are
 * served at once, and one never keeps both processes.
 */
const LIMITS: PoolLimits = {
  processes: 2,
  ms: 20_000,
  heapMb: 512,
  waiting: 32,
  waitingOfOwner: 4,
  idleMs: 60_000,
};

/** Starts processes when they are needed. */
export function createBundleCompiler(limits: Partial<PoolLimits> = {}): BundleCompiler {
  const pool = new ProcessPool<WorkRequest, WorkAnswer>(new URL('./compiler-process.ts', import.meta.url), {
    ...LIMITS,
    ...limits,
  });
  return {
    async run(kind, workspace, request) {
      try {
        // A bundle is upgraded once, and nothing of its workspace moves before.
        return readAnswer(await pool.run(workspace, { kind, request }, kind === 'upgrade'));
      } catch (error) {
        if (error instanceof PoolBusy) throw new Unavailable('too many bundles wait to be compiled');
        if (!(error instanceof ProcessLimitError)) throw error;
        return refuse(error.place, `${error.message} to compile: split it, or make it smaller and simpler`);
      }
    },
    get waiting() {
      return pool.waiting;
    },
    close: () => pool.close(),
  };
}

/** What the caller gets of an answer. */
export function readAnswer<Kind extends keyof CompilerWork>(answer: WorkAnswer): Result<Kind> {
  if ('depth' in answer) return refuse(answer.depth, 'is nested too deeply, or too large, to compile');
  return { ok: true, done: answer.done as CompilerWork[Kind]['answer'] };
}

function refuse(file: string, message: string): { ok: false; problem: Problem } {
  return { ok: false, problem: { file, path: '', message: file === '' ? `the bundle ${message}` : message } };
}

/**
 * Converts a stored bundle to the format of this build. One of another format is compiled again from its files.
 * @throws Error if this build refuses the files
 */
export function upgradeBundle(
  compiler: BundleCompiler,
  workspace: string,
  stored: Bundle,
  files: readonly BundleFile[],
): Bundle | Promise<Bundle> {
  return stored.format === BUNDLE_FORMAT ? stored : recompile(compiler, workspace, stored, files);
}

async function recompile(
  compiler: BundleCompiler,
  workspace: string,
  stored: Bundle,
  files: readonly BundleFile[],
): Promise<Bundle> {
  const result = await compiler.run('upgrade', workspace, { stored, files });
  if (!result.ok) {
    const { file, message } = result.problem;
    throw new Error(`bundle ${stored.version} can't be read by this build: ${file}: ${message}`);
  }
  if ('error' in result.done) throw new Error(result.done.error);
  return result.done.bundle;
}
