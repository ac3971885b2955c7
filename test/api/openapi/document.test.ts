import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from '../../../src/api/openapi/document.ts';
import { EXAMPLES } from '../../../src/api/openapi/examples.ts';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { ROOT } from '../../support/paths.ts';

const MOST_BYTES = 300_000;

interface Described {
  operationId: string;
  tags: string[];
  summary: string;
}

const document = openApiDocument() as {
  servers: unknown[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Described>>;
};
const described = Object.values(document.paths).flatMap((methods) => Object.values(methods));

describe('openapi.json', () => {
  it('has at most 300 kB', async () => {
    expect((await readFile(path.join(ROOT, 'openapi.json'))).byteLength).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('gives every operation a unique camelCase id', () => {
    const ids = described.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
  });

  it('gives every operation a summary and a tag that the document explains', () => {
    const tags = document.tags.map(({ name }) => name);
    expect(document.servers).toHaveLength(1);
    for (const { operationId, summary, tags: own } of described) {
      expect([operationId, summary !== '', own.every((tag) => tags.includes(tag))]).toEqual([
        operationId,
        true,
        true,
      ]);
    }
  });
});

it('holds the target of every reference', () => {
  const document = openApiDocument();
  const references = new Set(findReferences(document));
  expect([...references].filter((ref) => resolvePointer(document, ref) === undefined)).toEqual([]);
});

function findReferences(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(findReferences)];
}

/** The value at a JSON pointer such as `#/components/schemas/Problem`. */
function resolvePointer(document: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1);
  return steps.reduce<unknown>(
    (at, step) =>
      (at as Record<string, unknown> | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')],
    document,
  );
}

describe('examples', () => {
  const schemas = new Map(
    OPERATIONS.flatMap((op) => [op.body, ...Object.values(op.replies).map(({ schema }) => schema)])
      .filter((schema) => schema !== undefined)
      .flatMap((schema) => [schema, ...itemsOf(schema)])
      .map((schema) => [z.globalRegistry.get(schema)?.id, schema]),
  );

  it.each(Object.entries(EXAMPLES))('%s fits its schema and has no undocumented field', (name, example) => {
    const parsed = schemas.get(name)?.safeParse(example);
    expect(parsed?.error?.issues).toBeUndefined();
    expect(parsed?.data).toMatchObject(example);
  });

  it.each(OPERATIONS.map((op) => [op.id, op] as const))('%s has examples of body and answer', (_id, op) => {
    const reply = Object.values(op.replies)[0]?.schema;
    for (const schema of [op.body, reply].filter((given) => given !== undefined)) {
      const names = [schema, ...itemsOf(schema)].map((given) => z.globalRegistry.get(given)?.id ?? '');
      expect(names.some((name) => name in EXAMPLES)).toBe(true);
    }
  });
});

/** The schema of the items, if the schema is that of a list. */
function itemsOf(schema: z.ZodType): z.ZodType[] {
  if (!(schema instanceof z.ZodObject) || !('data' in schema.shape)) return [];
  const { data } = schema.shape as { data: unknown };
  return data instanceof z.ZodArray ? [data.element as z.ZodType] : [];
}
