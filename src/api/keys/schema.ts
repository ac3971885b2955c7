import { z } from 'zod';

export const newKeyBody = z
  .strictObject({
    kind: z
      .enum(['write', 'browser'])
      .describe('`browser`: for pages and apps, whose statements count for less'),
    label: z.string().trim().min(1).max(100).describe('The source of its events'),
  })
  .meta({ id: 'NewKey' });

export const createdKey = z
  .object({
    kind: z.enum(['write', 'browser']),
    label: z.string(),
    key: z.string().describe('Shown once: only its hash is stored'),
  })
  .meta({ id: 'CreatedKey' });
