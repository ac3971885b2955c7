import type { ActionDef } from '../../domain/definition.ts';
import type { Problem } from '../source/problem.ts';
import type { Channels } from './declared-names.ts';
import type { CompiledDefinition } from './definition.ts';

/** What the content files are checked against, and where problems go. Null stands for "can't be said". */
export interface ContentContext {
  actions: readonly CompiledDefinition<ActionDef>[];
  /** Also of actions that have problems of their own. */
  actionIds: ReadonlySet<string>;
  /** The first is the fallback. */
  locales: readonly string[] | null;
  channels: Channels | null;
  errors: Problem[];
  warnings: Problem[];
}
