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
    inboxItems: rows,
    sentMessages: rows.describe('What the deliveries have sent, as far as it is kept'),
    tasks: rows,
    rewards: rows.describe('Expected and observed rewards of decisions, with the features at that time'),
    coupons: rows,
    merges: rows,
    suppressedAddresses: rows.describe('Entries of the customer’s addresses on the suppression list'),
    outbox: rows.describe('Events of decisions that are not in the log yet'),
    fanouts: rows.describe('Events that the other members of the account have not received yet'),
    knownFacts: rows.describe(
      'Hashes by which repeated orders, payments, tickets and questions are recognised',
    ),
    noteExamples: rows.describe('Counts of notes whose newest example is the customer’s'),
    eventNames: rows.describe('Names of events that only the customer has sent'),
    counted: rows.describe('What reports count of the customer'),
    rejected: rows.describe('Rejected events that name the customer'),
    commands: rows.describe('Answers kept for repeated requests with an Idempotency-Key'),
  })
  .meta({
    id: 'CustomerExport',
    description: 'Every record of a customer. The lists are read one after the other, not as one snapshot.',
  });
