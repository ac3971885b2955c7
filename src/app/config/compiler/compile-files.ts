import { createHash } from 'node:crypto';
import { compileMjml } from '../../../content/mjml/compile.ts';
import { adviseBundle } from '../../../definitions/advise/bundle.ts';
import type { ReceivedEvents } from '../../../definitions/advise/events.ts';
import type { PreviousBundle } from '../../../definitions/check/definition.ts';
import { compileBundle } from '../../../definitions/compile/bundle.ts';
import type { BundleFile } from '../../../definitions/source/bundle-file.ts';
import type { Problem } from '../../../definitions/source/problem.ts';
import type { OnFile } from '../../../definitions/source/read-sources.ts';
import type { Bundle } from '../../../domain/definition.ts';
import { limitProblems } from './limit-problems.ts';

export interface CompileRequest {
  files: readonly BundleFile[];
  /** The active bundle; null for a workspace's first. */
  previous: PreviousBundle | null;
  /** See `compileBundle`. */
  at: number;
  /** Names of the events that the workspace has received. */
  received: ReceivedEvents;
}

export type Compiled =
  | {
      ok: true;
      bundle: Omit<Bundle, 'version' | 'format'>;
      /** With what each MJML file was compiled to. */
      files: BundleFile[];
      /** Of the files as they were written. */
      hash: string;
      warnings: Problem[];
    }
  | { ok: false; errors: Problem[]; warnings: Problem[] };

/** Characters of a compiled bundle: conditions are written out in it, and mails are HTML. */
const MAX_COMPILED_CHARS = 32_000_000;

/** Compiles the files of a bundle, and says what is most likely not meant in it. */
export async function compileFiles(
  { files, previous, at, received }: CompileRequest,
  onFile: OnFile,
): Promise<Compiled> {
  const whole = await compileMjml(files, onFile);
  const result = compileBundle(whole, previous, at, onFile);
  if (!result.ok)
    return { ok: false, errors: limitProblems(result.errors), warnings: limitProblems(result.warnings) };
  const { bundle } = result;
  const chars = whole.reduce(
    (sum, { compiled }) => sum + (compiled?.length ?? 0),
    JSON.stringify(bundle).length,
  );
  if (chars > MAX_COMPILED_CHARS) return refuseSize(chars);
  const warnings = [...result.warnings, ...adviseBundle(whole, bundle, received, onFile)];
  const written = whole.map(({ path, text }) => ({ path, text }));
  const hash = createHash('sha256').update(JSON.stringify(written)).digest('hex');
  return { ok: true, bundle, files: whole, hash, warnings: limitProblems(warnings) };
}

function refuseSize(chars: number): Compiled {
  const size = `${chars} characters when its conditions are written out and its mails compiled`;
  const message = `the bundle has ${size}; at most ${MAX_COMPILED_CHARS} are allowed`;
  return { ok: false, errors: [{ file: '', path: '', message }], warnings: [] };
}
