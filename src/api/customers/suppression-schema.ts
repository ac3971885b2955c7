import { z } from 'zod';
import { actionClass, time, timeOrNull } from '../frame/schema.ts';

export const ticket = z
  .object({
    id: z.string(),
    source: z.string(),
    status: z.string(),
    severity: z.string(),
    subject: z.string(),
    since: time,
    product: z.string().nullable(),
    ownerId: z
      .string()
      .nullable()
      .describe('The customer who opened the ticket, if it is another one. It suppresses messages to both'),
  })
  .meta({ id: 'Ticket' });

export const suppression = z
  .object({
    active: z.boolean(),
    classes: z.array(actionClass),
    reasons: z.array(
      z.object({
        code: z.enum(['ticket_open', 'cooling_down']),
        ticketId: z.string(),
        ownerId: z.string().nullable().describe('The customer who opened the ticket, if it is another one'),
        product: z.string().nullable().describe('Only messages about this product are suppressed; null: all'),
        since: time,
        liftsAt: timeOrNull,
        liftsOn: z.string().nullable(),
        coolDownSeconds: z.number().int().describe('How long it goes on after the ticket was closed'),
      }),
    ),
  })
  .meta({ id: 'Suppression' });
