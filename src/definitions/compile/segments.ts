import type { SegmentDef } from '../../domain/definition.ts';
import {
  createSegmentConditions,
  inlineAllSegments,
  type SegmentConditions,
} from '../cel/inline-segments.ts';
import type { DocumentSource } from '../source/read-sources.ts';
import type { SegmentsSource } from '../source/segment-schema.ts';
import { type CompileContext, compileExpression } from './expression.ts';

interface Written extends SegmentDef {
  path: string;
}

/** The segments of segments.yaml with their conditions written out, before anything about them is checked. */
export function readSegments(source: DocumentSource<'segments'>): {
  raw: Written[];
  circles: string[][];
  segments: SegmentConditions;
} {
  const raw = source?.value ? listed(source.value) : [];
  const { written, circles } = inlineAllSegments(raw);
  return {
    raw,
    circles,
    segments: createSegmentConditions(written, source !== undefined && source.value === undefined),
  };
}

/** Checks each segment's condition and compiles it. */
export function compileSegments(raw: Written[], circles: string[][], reports: CompileContext): SegmentDef[] {
  raw.forEach(({ id, path }, index) => {
    const first = raw.findIndex((other) => other.id === id);
    if (first < index) reports.error(path, `duplicate segment id '${id}': [${first}] has it`);
  });
  for (const circle of circles) {
    const at = raw.find(({ id }) => id === circle[0])?.path ?? '';
    const way = [...circle, circle[0]].join(' → ');
    reports.error(at, `segments that refer to each other in a circle: ${way}`);
  }
  return raw.map(({ id, when, path }) => ({
    id,
    when: compileExpression(reports, path, when, { events: null, enrollment: false }) ?? 'false',
  }));
}

function listed(source: SegmentsSource): Written[] {
  if (Array.isArray(source))
    return source.map(({ id, when }, index) => ({ id, when, path: `[${index}].when` }));
  return Object.entries(source).map(([id, when]) => ({ id, when, path: id }));
}
