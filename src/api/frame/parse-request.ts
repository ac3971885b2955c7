import type { z } from 'zod';
import { formatPath } from '../../definitions/source/problem.ts';
import { HttpError } from './http-error.ts';

/**
 * Reads a part of a request by its schema.
 *
 * @param where the name of the part in front of the paths of errors; empty for the body
 * @throws HttpError 400 with every field that is wrong
 */
export function parseRequest<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    path: formatPath(where === '' ? issue.path : [where, ...issue.path]),
    code: issue.code === 'custom' ? ((issue.params?.code as string | undefined) ?? 'invalid') : issue.code,
    detail: issue.message,
  }));
  throw new HttpError(400, 'invalid_request', 'the request is not as described in /openapi.json', { errors });
}
