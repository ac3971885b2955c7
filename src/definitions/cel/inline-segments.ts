import { suggestName } from '../../content/nearest-name.ts';
import type { SegmentDef } from '../../domain/definition.ts';
import { compileCel } from './compile-cel.ts';
import type { SegmentCall } from './syntax-tree.ts';

/** The segments that conditions can name, each with its condition written out. */
export interface SegmentConditions {
  /** Undefined for an unknown id. */
  conditionOf(id: string): string | undefined;
  has(id: string): boolean;
  describeMissing(id: string): string;
}

/** @param isUnreadable segments.yaml has errors: then every id counts as known, to report that one mistake only */
export function createSegmentConditions(
  segments: readonly SegmentDef[],
  isUnreadable: boolean,
): SegmentConditions {
  const conditions = new Map(segments.map(({ id, when }) => [id, when]));
  return {
    conditionOf: (id) => conditions.get(id),
    has: (id) => isUnreadable || conditions.has(id),
    describeMissing: (id) => {
      const ids = [...conditions.keys()].join(', ');
      return `unknown segment '${id}': define it in segments.yaml${ids && `, or use ${ids}`}${suggestName(id, conditions.keys())}`;
    },
  };
}

/**
 * Replaces each `segment('id')` by the segment's condition in parentheses, so that a stored condition depends on nothing
 * else. A line break closes a comment that the condition may end with.
 */
export function inlineSegments(
  expression: string,
  calls: readonly SegmentCall[],
  segments: Pick<SegmentConditions, 'conditionOf'>,
): string {
  return [...calls].reverse().reduce((text, { id, start, end }) => {
    const condition = segments.conditionOf(id) ?? 'true';
    return `${text.slice(0, start)}(${condition}${condition.includes('//') ? '\n' : ''})${text.slice(end)}`;
  }, expression);
}

/**
 * Replaces segments that name other segments, depth first. `circles` lists those that refer to each other; a reference
 * that closes a circle becomes `true`.
 */
export function inlineAllSegments(segments: readonly SegmentDef[]): {
  inlined: SegmentDef[];
  circles: string[][];
} {
  const conditions = new Map(segments.map(({ id, when }) => [id, when]));
  const done = new Map<string, string>();
  const circles: string[][] = [];
  const inline = (id: string, trail: readonly string[]): string => {
    const finished = done.get(id);
    if (finished !== undefined) return finished;
    if (trail.includes(id)) {
      circles.push(trail.slice(trail.indexOf(id)));
      return 'true';
    }
    const condition = conditions.get(id) ?? 'true';
    const compiled = compileCel(condition);
    const conditionOf = (other: string) =>
      conditions.has(other) ? inline(other, [...trail, id]) : undefined;
    const inlined = compiled.ok ? inlineSegments(condition, compiled.segments, { conditionOf }) : 'true';
    done.set(id, inlined);
    return inlined;
  };
  return { inlined: segments.map(({ id }) => ({ id, when: inline(id, []) })), circles };
}
