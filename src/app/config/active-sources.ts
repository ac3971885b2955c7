import { LRUCache } from 'lru-cache';
import type { SourceDef } from '../../domain/definition.ts';
import { type BundleReader, readActiveBundle } from './active-bundle.ts';

/** Finds a source of webhooks in the active bundle of a workspace. */
export type ActiveSources = (workspace: string, id: string) => Promise<SourceDef | undefined>;

const KEPT_MS = 3_000;

/**
 * Reads each workspace's active sources once in three seconds, whatever is requested: forged requests must not cost
 * queries. While Postgres does not answer, what was read last stays.
 */
export function createActiveSources(deps: BundleReader, keptMs: number = KEPT_MS): ActiveSources {
  const known = new LRUCache<string, { sources: readonly SourceDef[]; at: number }>({ max: 1_000 });
  const reading = new Map<string, Promise<readonly SourceDef[]>>();

  const read = (workspace: string): Promise<readonly SourceDef[]> => {
    const begun = reading.get(workspace);
    if (begun) return begun;
    const read = readActiveBundle(deps, workspace)
      .then((bundle) => {
        const sources = bundle?.sources ?? [];
        known.set(workspace, { sources, at: performance.now() });
        return sources;
      })
      .finally(() => reading.delete(workspace));
    reading.set(workspace, read);
    return read;
  };

  return async (workspace, id) => {
    const last = known.get(workspace);
    const isFresh = last !== undefined && performance.now() - last.at < keptMs;
    const sources = isFresh ? last.sources : await read(workspace).catch(fallBackTo(last?.sources));
    return sources.find((source) => source.id === id);
  };
}

function fallBackTo<T>(last: T | undefined): (error: unknown) => T {
  return (error) => {
    if (last === undefined) throw error;
    return last;
  };
}
