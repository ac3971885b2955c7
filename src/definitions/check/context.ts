import type { Report } from '../source/problem.ts';
import type { DeclaredNames } from './declared-names.ts';

/** What one definition is compiled with: where its problems go, and the names that it may refer to. */
export interface CompileContext {
  /** Refuses the bundle. */
  error: Report;
  /** Is shown to the author. The bundle is accepted. */
  warn: Report;
  names: DeclaredNames;
}
