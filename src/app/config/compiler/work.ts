import { recompileBundle } from '../../../definitions/compile/recompile.ts';
import type { BundleFile } from '../../../definitions/source/bundle-file.ts';
import type { OnFile } from '../../../definitions/source/read-sources.ts';
import type { Bundle } from '../../../domain/definition.ts';
import { type CompareRequest, type Comparison, compareBundles } from './compare-bundles.ts';
import { type Compiled, type CompileRequest, compileFiles } from './compile-files.ts';

/** Everything that reads the files of bundles, which authors write. */
export interface CompilerWork {
  compile: { request: CompileRequest; answer: Compiled };
  compare: { request: CompareRequest; answer: Comparison };
  /** Converts a stored bundle to the format of this build. */
  upgrade: {
    request: { stored: Bundle; files: readonly BundleFile[] };
    answer: { bundle: Bundle } | { error: string };
  };
}

/** `depth`: the work failed because something is nested too deeply for it. */
export type WorkAnswer = { done: unknown } | { depth: string };

export interface WorkRequest {
  kind: keyof CompilerWork;
  request: unknown;
}

/** Does one piece of work. Its result is plain data. */
export async function doWork({ kind, request }: WorkRequest, onFile: OnFile): Promise<WorkAnswer> {
  let place = '';
  const follow: OnFile = (file) => {
    place = file;
    onFile(file);
  };
  try {
    return { done: await DO[kind](request as never, follow) };
  } catch (error) {
    if (error instanceof RangeError) return { depth: place };
    throw error;
  }
}

const DO: {
  [Kind in keyof CompilerWork]: (
    request: CompilerWork[Kind]['request'],
    onFile: OnFile,
  ) => CompilerWork[Kind]['answer'] | Promise<CompilerWork[Kind]['answer']>;
} = {
  compile: compileFiles,
  compare: compareBundles,
  upgrade({ stored, files }, onFile) {
    try {
      return { bundle: recompileBundle(stored, [...files], onFile) };
    } catch (error) {
      if (error instanceof RangeError || !(error instanceof Error)) throw error;
      return { error: error.message };
    }
  },
};
