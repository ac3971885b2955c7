import { suggestName } from '../../content/nearest-name.ts';
import type { SegmentDef } from '../../domain/definition.ts';
import { compileCel, MAX_EXPRESSION_CHARS } from './compile-cel.ts';
import type { SegmentCall } from './syntax-tree.ts';

/** The segments that conditions can name, each with its condition written out. */
export interface SegmentConditions {
  /**
   * Counts an expression in which segments are written out.
   * @returns false if those of the bundle are too long together
   */
  count(chars: number): boolean;
  /** Undefined for an unknown id. */
  conditionOf(id: string): string | undefined;
  has(id: string): boolean;
  describeMissing(id: string): string;
}

/** Of all expressions of a bundle in which segments are written out: it is stored and kept in memory with them. */
const MAX_INLINED_CHARS = 2_000_000;

/** @param isUnreadable segments.yaml has errors: then every id counts as known, to report that one mistake only */
export function createSegmentConditions(
  segments: readonly SegmentDef[],
  isUnreadable: boolean,
): SegmentConditions {
  const conditions = new Map(segments.map(({ id, when }) => [id, when]));
  let inlinedChars = 0;
  return {
    count(chars) {
      inlinedChars += chars;
      return inlinedChars <= MAX_INLINED_CHARS;
    },
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
 * @returns undefined if the text would be too long. Its length is counted before it is made: segments that name each
 *   other twice double with each of them
 */
export function inlineSegments(
  expression: string,
  calls: readonly SegmentCall[],
  segments: Pick<SegmentConditions, 'conditionOf'>,
): string | undefined {
  const edits = calls.map(({ id, start, end }) => {
    const condition = segments.conditionOf(id) ?? 'true';
    return { start, end, condition, close: condition.includes('//') ? '\n)' : ')' };
  });
  const length = edits.reduce(
    (sum, { start, end, condition, close }) => sum - (end - start) + 1 + condition.length + close.length,
    expression.length,
  );
  if (length > MAX_EXPRESSION_CHARS) return undefined;
  return edits.reduceRight(
    (text, { start, end, condition, close }) =>
      `${text.slice(0, start)}(${condition}${close}${text.slice(end)}`,
    expression,
  );
}

/** What is wrong with segments that name each other. */
export interface SegmentProblems {
  /** Segments that refer to each other in a circle, as lists of ids. */
  circles: string[][];
  /** Why a segment can't be written out, by its id. */
  refused: Map<string, string>;
}

const MAX_NESTING = 50;

/** Why an expression is refused once its segments are inlined; null if it is not. */
export function describeInlined(inlined: string | undefined): string | null {
  if (inlined === undefined)
    return `with its segments inlined: longer than ${MAX_EXPRESSION_CHARS} characters: name fewer segments in it`;
  const compiled = compileCel(inlined);
  return compiled.ok ? null : `with its segments inlined: ${compiled.message}`;
}

/**
 * Replaces segments that name other segments, depth first. A reference that closes a circle, and one to a segment that
 * is refused, becomes `true`: what is wrong with it is reported once.
 */
export function inlineAllSegments(
  segments: readonly SegmentDef[],
): SegmentProblems & { inlined: SegmentDef[] } {
  const conditions = new Map(segments.map(({ id, when }) => [id, when]));
  const done = new Map<string, string>();
  const circles: string[][] = [];
  const refused = new Map<string, string>();
  const trail: string[] = [];
  const inline = (id: string): string => {
    const finished = done.get(id);
    if (finished !== undefined) return finished;
    if (trail.includes(id)) {
      circles.push(trail.slice(trail.indexOf(id)));
      return 'true';
    }
    if (trail.length >= MAX_NESTING) {
      refused.set(trail[0] as string, `names segments in segments, more than ${MAX_NESTING} deep`);
      return 'true';
    }
    const condition = conditions.get(id) ?? 'true';
    const compiled = compileCel(condition);
    trail.push(id);
    const conditionOf = (other: string) => (conditions.has(other) ? inline(other) : undefined);
    const inlined = compiled.ok ? inlineSegments(condition, compiled.segments, { conditionOf }) : 'true';
    trail.pop();
    const refusal = inlined === condition ? null : describeInlined(inlined);
    if (refusal !== null) refused.set(id, refusal);
    const result = refusal === null && inlined !== undefined ? inlined : 'true';
    done.set(id, result);
    return result;
  };
  return { inlined: segments.map(({ id }) => ({ id, when: inline(id) })), circles, refused };
}
