import { z } from 'zod';
import { flagQuery, orNull, time, timeOrNull } from './common.ts';

export const configBody = z.object({
  files: z
    .array(z.object({ path: z.string().min(1).max(300), text: z.string() }))
    .max(2_000)
    .refine((files) => new Set(files.map((file) => file.path)).size === files.length, {
      error: 'a path may occur once',
      params: { code: 'duplicate_path' },
    }),
});

const warning = z.object({ file: z.string(), path: z.string(), message: z.string() });

export const applied = z
  .object({ version: z.number().int(), changed: z.boolean(), warnings: z.array(warning) })
  .meta({ id: 'Applied' });

export const configQuery = z.object({ text: flagQuery.describe("With the files' text") });

export const config = z
  .object({
    version: z.number().int().describe('0: no bundle is active yet'),
    hash: z.string().nullable(),
    activatedAt: timeOrNull,
    files: z.array(z.object({ path: z.string(), bytes: z.number().int(), text: z.string().optional() })),
  })
  .meta({ id: 'Config', description: 'The active bundle' });

const counts = z.object({ open: z.number().int(), ended: z.number().int(), goal: z.number().int() });

export const journeySummary = z
  .object({
    id: z.string(),
    owner: z.string(),
    class: z.string(),
    stage: z.string().nullable(),
    version: z.number().int(),
    activeSince: orNull(time),
    counts: z.object({ treated: counts, control: counts }),
  })
  .meta({ id: 'JourneySummary' });

export const journeyList = z
  .object({ data: z.array(journeySummary), nextCursor: z.null() })
  .meta({ id: 'JourneyList' });

export const journey = journeySummary
  .extend({
    definition: z.record(z.string(), z.unknown()).describe('As compiled; durations in milliseconds'),
  })
  .meta({ id: 'Journey' });
