import type { SegmentDef } from '../../domain/definition.ts';
import {
  createSegmentConditions,
  inlineAllSegments,
  type SegmentConditions,
  type SegmentProblems,
} from '../cel/inline-segments.ts';
import type { CompileContext } from '../check/context.ts';
import type { DocumentSource } from '../source/read-sources.ts';
import type { SegmentsSource } from '../source/segment-schema.ts';
import { compileExpression } from './expression.ts';

/** The segments of segments.yaml as they are written, and their conditions with each other's names resolved. */
interface SegmentTexts extends SegmentProblems {
  segments: (SegmentDef & { path: string })[];
  conditions: SegmentConditions;
}

/** Reads segments.yaml without checking its conditions: all other definitions need the names first. */
export function readSegments(source: DocumentSource<'segments'>): SegmentTexts {
  const segments = source?.value ? listSegments(source.value) : [];
  const { inlined, ...problems } = inlineAllSegments(segments);
  const isUnreadable = source !== undefined && source.value === undefined;
  return { segments, ...problems, conditions: createSegmentConditions(inlined, isUnreadable) };
}

/** Checks each segment's condition and compiles it. */
export function compileSegments(
  { segments, circles, refused }: SegmentTexts,
  context: CompileContext,
): SegmentDef[] {
  segments.forEach(({ id, path }, index) => {
    const first = segments.findIndex((other) => other.id === id);
    if (first < index) context.error(path, `duplicate segment id '${id}': [${first}] has it`);
  });
  for (const circle of circles) {
    const path = segments.find(({ id }) => id === circle[0])?.path ?? '';
    const route = [...circle, circle[0]].join(' → ');
    context.error(path, `segments that refer to each other in a circle: ${route}`);
  }
  return segments.map(({ id, when, path }) => {
    const refusal = refused.get(id);
    if (refusal !== undefined) context.error(path, `CEL: ${refusal}`);
    const use = { events: null, enrollment: false };
    return { id, when: (refusal === undefined && compileExpression(context, path, when, use)) || 'false' };
  });
}

function listSegments(source: SegmentsSource): SegmentTexts['segments'] {
  if (Array.isArray(source))
    return source.map(({ id, when }, index) => ({ id, when, path: `[${index}].when` }));
  return Object.entries(source).map(([id, when]) => ({ id, when, path: id }));
}
