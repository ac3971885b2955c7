import type { z } from 'zod';
import { COUNTED_RECEIPTS } from '../../../../db/reports/deliveries.ts';
import { DELIVERY_STATES, TASK_STATES } from '../../../domain/delivery.ts';
import type { deliveriesReportSchema } from '../deliveries-schema.ts';
import type { CsvRow } from './csv.ts';
import { toCell } from './headline-cells.ts';

const STATES = [...new Set([...DELIVERY_STATES, ...TASK_STATES])];

export const DELIVERY_COLUMNS = [
  'section',
  'day',
  'channel',
  'action',
  'class',
  'variant',
  ...STATES,
  ...COUNTED_RECEIPTS.map(toReceiptColumn),
  'spent',
  'reserved',
  'currency',
];

/** One row per channel, action and variant, one per action of tasks, and one per day and channel. */
export function toDeliveryRows({
  deliveries,
  tasks,
  days,
}: z.infer<typeof deliveriesReportSchema>): CsvRow[] {
  const costs = ({ spent, reserved }: Pick<(typeof tasks)[number], 'spent' | 'reserved'>): CsvRow => ({
    spent: toCell(spent),
    reserved: toCell(reserved),
    currency: spent.currency,
  });
  return [
    ...deliveries.map(({ channel, action, class: actionClass, variant, states, receipts, ...cost }) => ({
      section: 'delivery',
      channel,
      action,
      class: actionClass,
      variant,
      ...states,
      ...Object.fromEntries(
        COUNTED_RECEIPTS.map((kind) => [toReceiptColumn(kind), receipts[kind].deliveries]),
      ),
      ...costs(cost),
    })),
    ...tasks.map(({ action, class: actionClass, states, ...cost }) => ({
      section: 'task',
      action,
      class: actionClass,
      ...states,
      ...costs(cost),
    })),
    ...days.map(({ day, channel, sent, failed, receipts, spent }) => ({
      section: 'day',
      day,
      channel,
      sent,
      failed,
      ...Object.fromEntries(COUNTED_RECEIPTS.map((kind) => [toReceiptColumn(kind), receipts[kind]])),
      spent: toCell(spent),
      currency: spent.currency,
    })),
  ];
}

/** `openedAutomatically` is the column `opened_automatically`. */
function toReceiptColumn(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
