import { z } from 'zod';
import { EVENT_KINDS } from '../../domain/event.ts';
import { verdict } from '../decisions/verdict-schema.ts';
import { note } from '../events/schema.ts';
import { actorName, keptListOf, pageQuery, time } from '../frame/schema.ts';

const TIMELINE_KINDS = [...EVENT_KINDS, 'decision', 'delivery', 'task'] as const;

export const timelineQuery = pageQuery.extend({
  kind: z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(TIMELINE_KINDS)))
    .optional()
    .describe(`Only items of these kinds, separated by commas: ${TIMELINE_KINDS.join(', ')}`),
});

export const timelineItem = z
  .object({
    id: z.string(),
    seq: z.number().int().nullable(),
    at: time,
    acceptedAt: time,
    kind: z.enum(TIMELINE_KINDS),
    source: z.string(),
    title: z.string(),
    enrollmentId: z.string().nullable(),
    decisionId: z.string().nullable(),
    refs: z.record(z.string(), z.string()),
    effects: z.array(z.string()).describe('In English: `repeated`, `suppressed`, and what `changes` lists'),
    changes: z.array(z.looseObject({ kind: z.string() })),
    data: z.record(z.string(), z.unknown()),
    notes: z.array(note),
    actorName: actorName.describe('Of a command: the name of the user whose login is `data.actor`'),
    silence: z
      .array(z.object({ actions: z.array(z.string()), channel: z.string(), verdict }))
      .optional()
      .describe('Of a decision that holds: which actions it blocked, and the verdict that lasts longest'),
    withheld: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('What a browser key stated and must not, by path: it has no effect, and `notes` say why'),
  })
  .meta({ id: 'TimelineItem', description: 'One event, decision, delivery or task of a customer' });

export const timeline = keptListOf(timelineItem).meta({ id: 'Timeline' });
