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
export function checkReply(method: string, url: string, answer: Answer & { request?: any; req?: any }): void {
  const { status, body } = answer; //TMP
  const path = url.split('?')[0] as string;
  const operation = OPERATIONS.find((op) => op.method === method && toPattern(op.path).test(path));
  const schema = operation?.replies[status]?.schema;
  if (!schema) return;
  record(operation.id, answer); //TMP
  const parsed = schema.safeParse(body);
  expect(parsed.error?.issues ?? [], `${method} ${path} answers as documented`).toEqual([]);
  expect(body, `${method} ${path} has undocumented fields`).toEqual(JSON.parse(JSON.stringify(parsed.data)));
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

//TMP
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

function record(id: string, answer: any) {
  const dir = process.env.RECORD_EXAMPLES;
  if (!dir) return;
  mkdirSync(dir, { recursive: true });
  const text = JSON.stringify({
    body: answer.request?._data ?? answer.req?._data,
    reply: answer.body,
    url: answer.request?.url,
  });
  for (let i = 0; i < 8; i++) {
    const f = `${dir}/${id}.${i}.json`;
    if (existsSync(f)) {
      if (readFileSync(f, 'utf8').length === text.length) return;
      continue;
    }
    writeFileSync(f, text);
    return;
  }
}
