import type { z } from 'zod';

/** Where bodies say who acts. Who claims a task is its assignee. */
const FIELDS = ['actor', 'assignee'];

/**
 * The body of a request by a person, with their login as who acts: a page does not have to say it, and cannot say that
 * somebody else did it. What is no object stays as it is, and is refused later.
 */
export function nameActor(schema: z.ZodType, body: unknown, login: string): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const shape = (schema as z.ZodObject).shape ?? {};
  const named = FIELDS.filter((field) => field in shape).map((field) => [field, login]);
  return { ...body, ...Object.fromEntries(named) };
}
