import { z } from 'zod';
import { DELIVERY_STATES, TASK_STATES } from '../../domain/delivery.ts';
import { actionClass, money } from '../frame/schema.ts';
import { period } from './schema.ts';

const count = z.number().int();

function states<State extends string>(all: readonly State[]) {
  return z.object(Object.fromEntries(all.map((state) => [state, count])) as Record<State, typeof count>);
}

const cost = {
  spent: money.describe('Of what was sent, or may have been; of tasks, what was done'),
  reserved: money.describe('Of what is still on its way'),
};

export const deliveriesReportSchema = z
  .object({
    period,
    deliveries: z.array(
      z.object({
        channel: z.string(),
        action: z.string(),
        class: actionClass,
        variant: z.string().nullable(),
        states: states(DELIVERY_STATES).describe(
          'Where they stand now; what was shown on the spot is `sent`',
        ),
        held: z
          .array(z.object({ gate: z.string(), code: z.string(), deliveries: count }))
          .describe(
            'Why they were last refused when they were due, whatever became of them; several may hold',
          ),
        ...cost,
      }),
    ),
    tasks: z.array(
      z.object({
        action: z.string(),
        class: actionClass,
        states: states(TASK_STATES),
        outcomes: z.array(z.object({ outcome: z.string(), tasks: count })),
        ...cost,
      }),
    ),
  })
  .meta({ id: 'DeliveriesReport', description: 'Of what was due or left within the period' });
