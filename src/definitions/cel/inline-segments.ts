import type { SegmentDef } from '../../domain/definition.ts';
import { compileCel } from './evaluate.ts';
import type { SegmentCall } from './syntax-tree.ts';

/** The segments that conditions can name, each with its condition written out. */
export interface SegmentConditions {
  /** Undefined for an id that there isn't, or whose definition has problems of its own. */
  conditionOf(id: string): string | undefined;
  has(id: string): boolean;
  describeMissing(id: string): string;
}

/** `unsure`: the file can't be read, so nothing can be said about what is in it. */
export function createSegmentConditions(written: readonly SegmentDef[], unsure: boolean): SegmentConditions {
  const conditions = new Map(written.map(({ id, when }) => [id, when]));
  return {
    conditionOf: (id) => conditions.get(id),
    has: (id) => unsure || conditions.has(id),
    describeMissing: (id) => {
      const others = [...conditions.keys()].join(', ');
      return `unknown segment '${id}': define it in segments.yaml${others && `, or use ${others}`}`;
    },
  };
}

/**
 * Puts each segment's own condition in the place of its call, so that a compiled condition says all by itself. The line
 * break ends a comment that the segment's text may end with.
 */
export function inlineSegments(
  expression: string,
  calls: readonly SegmentCall[],
  segments: SegmentConditions,
): string {
  return [...calls].reverse().reduce((text, { id, start, end }) => {
    const condition = segments.conditionOf(id) ?? 'true';
    return `${text.slice(0, start)}(${condition}${condition.includes('//') ? '\n' : ''})${text.slice(end)}`;
  }, expression);
}

/** Writes out the segments in segments. Those that refer to each other in a circle come back as `circles`. */
export function inlineAllSegments(raw: readonly SegmentDef[]): {
  written: SegmentDef[];
  circles: string[][];
} {
  const texts = new Map(raw.map(({ id, when }) => [id, when]));
  const written = new Map<string, string>();
  const circles: string[][] = [];
  const visit = (id: string, trail: readonly string[]): string => {
    const done = written.get(id);
    if (done !== undefined) return done;
    if (trail.includes(id)) {
      circles.push(trail.slice(trail.indexOf(id)));
      return 'true';
    }
    const text = texts.get(id) ?? 'true';
    const compiled = compileCel(text);
    const conditionOf = (other: string) => (texts.has(other) ? visit(other, [...trail, id]) : undefined);
    const when = compiled.ok
      ? inlineSegments(text, compiled.segments, { conditionOf, has: () => true, describeMissing: () => '' })
      : 'true';
    written.set(id, when);
    return when;
  };
  return { written: raw.map(({ id }) => ({ id, when: visit(id, []) })), circles };
}
