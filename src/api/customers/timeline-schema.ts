import { z } from 'zod';
import { note } from '../events/schema.ts';
import { keptListOf, time } from '../frame/schema.ts';

export const timelineItem = z
  .object({
    id: z.string(),
    seq: z.number().int().nullable(),
    at: time,
    acceptedAt: time,
    kind: z.enum([
      'purchase',
      'ticket',
      'consent',
      'behaviour',
      'outcome',
      'command',
      'decision',
      'delivery',
      'task',
    ]),
    source: z.string(),
    title: z.string(),
    enrollmentId: z.string().nullable(),
    decisionId: z.string().nullable(),
    refs: z.record(z.string(), z.string()),
    effects: z.array(z.string()).describe('In English: `repeated`, `suppressed`, and what `changes` lists'),
    changes: z.array(z.looseObject({ kind: z.string() })),
    data: z.record(z.string(), z.unknown()),
    notes: z.array(note),
    withheld: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('What a browser key stated and must not, by path: it has no effect, and `notes` say why'),
  })
  .meta({ id: 'TimelineItem', description: 'One event, decision, delivery or task of a customer' });

export const timeline = keptListOf(timelineItem).meta({ id: 'Timeline' });
