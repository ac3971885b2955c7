import { z } from 'zod';
import { orNull } from '../frame/schema.ts';

const rows = z.array(z.record(z.string(), z.unknown()));

export const customerExport = z
  .object({
    exportedAt: z.string(),
    customers: rows.describe('The customer, and those that were merged into it'),
    account: orNull(z.record(z.string(), z.unknown())),
    identities: rows,
    events: rows,
    consents: rows,
    tickets: rows,
    journeys: rows,
    enrollments: rows,
    decisions: rows,
    deliveries: rows,
    tasks: rows,
    rewards: rows.describe('Expected and observed rewards of decisions, with the features at that time'),
    coupons: rows,
    merges: rows,
    suppressedAddresses: rows,
    outbox: rows.describe('Events of decisions that are not in the log yet'),
  })
  .meta({ id: 'CustomerExport', description: 'Every record of a customer' });
