import { expect } from 'vitest';
import { OPERATIONS } from '../../../src/api/operations.ts';

interface Answer {
  status: number;
  body: unknown;
}

/**
 * Compares a successful answer with the schema that its operation documents: every required field is there, and no
 * field is undocumented.
 */
export function checkReply(method: string, url: string, { status, body }: Answer): void {
  const path = url.split('?')[0] as string;
  const operation = OPERATIONS.find((op) => op.method === method && toPattern(op.path).test(path));
  const schema = operation?.replies[status]?.schema;
  if (!schema) return;
  const parsed = schema.safeParse(body);
  expect(parsed.error?.issues ?? [], `${method} ${path} answers as documented`).toEqual([]);
  expect(body, `${method} ${path} has no undocumented fields`).toEqual(
    JSON.parse(JSON.stringify(parsed.data)),
  );
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
