import { z } from 'zod';
import { orNull } from '../frame/schema.ts';

const rows = z.array(z.record(z.string(), z.unknown()));

export const customerExport = z
  .object({
    exportedAt: z.string(),
    customers: rows.describe('The record, and those that were merged into it'),
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
    rewards: rows.describe(
      'What was expected of decisions and what came of it, with the features as they were seen',
    ),
    coupons: rows,
    merges: rows,
    suppressedAddresses: rows,
    outbox: rows.describe('What decisions have said and the log has not taken yet'),
  })
  .meta({ id: 'CustomerExport', description: 'Everything that is held of a customer' });
