import { z } from 'zod';
import { COUNTED_RECEIPTS } from '../../../db/reports/deliveries.ts';
import { DELIVERY_STATES, TASK_STATES } from '../../domain/delivery.ts';
import { actionClass, money } from '../frame/schema.ts';
import { countedAt, period } from './schema.ts';

const count = z.number().int();

function states<State extends string>(all: readonly State[]) {
  return z.object(Object.fromEntries(all.map((state) => [state, count])) as Record<State, typeof count>);
}

const receipts = z.object({
  deliveries: count,
  share: z.number().nullable().describe('Of those that were sent; null: none was'),
});
type CountedReceipt = (typeof COUNTED_RECEIPTS)[number];

const cost = {
  spent: money.describe('Cost of deliveries that were or may have been sent, and of resolved tasks'),
  reserved: money.describe('Cost of deliveries and tasks that are still open'),
};

export const deliveriesReportSchema = z
  .object({
    countedAt,
    period,
    deliveries: z.array(
      z.object({
        channel: z.string(),
        action: z.string(),
        class: actionClass,
        variant: z.string().nullable(),
        states: states(DELIVERY_STATES).describe(
          'Current states; an action shown by a real-time decision is `sent`',
        ),
        receipts: z
          .object(
            Object.fromEntries(COUNTED_RECEIPTS.map((kind) => [kind, receipts])) as Record<
              CountedReceipt,
              typeof receipts
            >,
          )
          .describe(
            'What providers and tracked links reported; automatic opens and clicks are those of machines',
          ),
        refusals: z
          .array(z.object({ gate: z.string(), code: z.string(), deliveries: count }))
          .describe('Verdicts that refused a delivery the last time it was due; a delivery may have several'),
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
    days: z
      .array(
        z.object({
          day: z.iso.date(),
          channel: z.string(),
          sent: count,
          failed: count,
          receipts: z.object(
            Object.fromEntries(COUNTED_RECEIPTS.map((kind) => [kind, count])) as Record<
              CountedReceipt,
              typeof count
            >,
          ),
          spent: money,
        }),
      )
      .describe('By day (UTC) and channel, oldest first; days without deliveries are left out'),
  })
  .meta({
    id: 'DeliveriesReport',
    description: 'Deliveries and tasks that were due or sent within the period',
  });
