import { z } from 'zod';
import { attribute } from '../customers/attribute-schema.ts';
import { identity } from '../customers/schema.ts';
import { suppression, ticket } from '../customers/suppression-schema.ts';
import { listOf, time } from '../frame/schema.ts';

const member = z.object({
  id: z.string(),
  name: z.string().nullable(),
  eventSeq: z.number().int(),
  identities: z.array(identity),
  openTickets: z.number().int(),
});

export const account = z
  .object({
    id: z.string(),
    workspace: z.string(),
    name: z.string().nullable(),
    asOf: time,
    createdAt: time,
    attributes: z.array(attribute),
    openTickets: z.array(ticket).describe('Open tickets of all members; `ownerId` is the member'),
    suppressed: suppression.describe(
      'What suppresses messages to all members; inactive unless `tickets.scope` is `account`',
    ),
    memberCount: z.number().int(),
    members: listOf(member).describe('One page; `nextCursor` is the cursor of the next page'),
  })
  .meta({ id: 'Account', description: 'A company or household whose members are customers' });
