import { z } from 'zod';

/**
 * A value or null, as a union: a nullable reference would make the named schema itself nullable in the generated
 * document.
 */
export function orNull<T extends z.ZodType>(schema: T) {
  return z.union([schema, z.null()]);
}

export const time = z.iso.datetime().meta({ id: 'Time', description: 'RFC 3339, UTC' });
export const timeOrNull = z.iso.datetime().nullable();

export const money = z
  .object({ amount: z.string().regex(/^-?\d+(\.\d+)?$/), currency: z.string() })
  .meta({ id: 'Money', description: 'A decimal amount as text, which keeps it exact' });

export const actorName = z.string().nullable().meta({
  id: 'ActorName',
  description: 'The name of the user of the console that the login before it names',
});

export const actionClass = z
  .enum(['mandatory', 'transactional', 'service', 'marketing'])
  .meta({ id: 'ActionClass' });

/** What people read of a definition. */
export const labels = {
  name: z.string().nullable().describe('What people read instead of the id'),
  description: z.string().nullable(),
};

export const limitQuery = z.coerce.number().int().min(1).max(100).default(50);
export const cursorQuery = z.string().max(1_000).optional();
export const pageQuery = z.object({ limit: limitQuery, cursor: cursorQuery });
export const flagQuery = z.enum(['true', 'false']).optional();

/** A page of a list. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}

const keptSince = z.iso
  .datetime()
  .nullable()
  .meta({ id: 'KeptSince', description: 'Retention has dropped older ones; null: none' });

/** A page of a list of which retention drops old months. */
export function keptListOf<T extends z.ZodType>(item: T) {
  return listOf(item).extend({ keptSince });
}

/** Open, because some refusals say more: the warnings of a bundle, the outcomes of a task. */
export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string().describe('Stable, lower_snake'),
    detail: z.string(),
    errors: z
      .array(
        z.object({
          path: z.string(),
          code: z.string(),
          detail: z.string().optional(),
          file: z.string().optional(),
          line: z.number().int().optional().describe('Of the file, from 1'),
        }),
      )
      .optional(),
    requestId: z.string(),
  })
  .meta({ id: 'Problem', description: 'Why the request was refused (RFC 9457)' });
