import type { z } from 'zod';
import type { readDeliveriesReport } from '../../app/reports/deliveries.ts';
import { toMoney } from '../frame/format.ts';
import type { deliveriesReportSchema } from './deliveries-schema.ts';

type DeliveriesReport = Awaited<ReturnType<typeof readDeliveriesReport>>;

/** The report without its period. */
export function toDeliveriesReportView(
  { deliveries, tasks, days }: DeliveriesReport,
  currency: string,
): Omit<z.infer<typeof deliveriesReportSchema>, 'period' | 'countedAt'> {
  const costs = ({ spent, reserved }: { spent: number; reserved: number }) => ({
    spent: toMoney(spent, currency),
    reserved: toMoney(reserved, currency),
  });
  return {
    deliveries: deliveries.map((group) => ({ ...group, ...costs(group) })),
    tasks: tasks.map((group) => ({ ...group, ...costs(group) })),
    days: days.map((day) => ({ ...day, spent: toMoney(day.spent, currency) })),
  };
}
