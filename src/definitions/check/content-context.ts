import type { ActionDef, SegmentDef } from '../../domain/definition.ts';
import type { Problem } from '../source/problem.ts';
import type { OnFile } from '../source/read-sources.ts';
import type { Channels } from './declared-names.ts';
import type { CompiledDefinition } from './definition.ts';

/** What the content files are checked against, and where problems go. Null: the file that declares it has errors. */
export interface ContentContext {
  actions: readonly CompiledDefinition<ActionDef>[];
  /** Includes actions that have errors of their own. */
  actionIds: ReadonlySet<string>;
  /** The first is the fallback. */
  locales: readonly string[] | null;
  channels: Channels | null;
  segments: readonly SegmentDef[] | null;
  errors: Problem[];
  warnings: Problem[];
  onFile: OnFile;
}
