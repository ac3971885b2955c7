import { z } from 'zod';
import { time, timeOrNull } from '../frame/schema.ts';

const waker = z
  .union([z.object({ at: time, reason: z.string() }), z.object({ event: z.string() })])
  .meta({ id: 'Waker', description: 'What moves an enrollment: an instant, or an event of that name' });

export const enrollment = z
  .object({
    id: z.string(),
    journey: z.string(),
    version: z.number().int(),
    key: z.string().nullable(),
    arm: z.enum(['treated', 'control']),
    step: z.string(),
    state: z.enum(['running', 'waiting', 'held', 'delivering', 'tasked', 'poison', 'control']),
    since: time,
    enteredAt: time,
    goalAt: timeOrNull,
    pinned: z.boolean().describe('Stays on the version that it entered under'),
    excluded: z.boolean().describe('Not analysed: a merge brought two arms together'),
    reason: z.string().nullable().describe('Why the enrollment is in state `poison`'),
    wakers: z.array(waker),
  })
  .meta({ id: 'Enrollment' });
