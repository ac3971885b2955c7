import { z } from 'zod';
import { attribute } from '../customers/attribute-schema.ts';
import { identity, suppression, ticket } from '../customers/schema.ts';
import { listOf, time } from '../frame/schema.ts';

const contact = z.object({
  id: z.string(),
  eventSeq: z.number().int(),
  identities: z.array(identity),
  openTickets: z.number().int(),
});

export const account = z
  .object({
    id: z.string(),
    workspace: z.string(),
    asOf: time,
    createdAt: time,
    attributes: z.array(attribute),
    openTickets: z.array(ticket).describe('Of all contacts, `of` saying whose'),
    suppressed: suppression.describe(
      'What all contacts are silenced by; nothing where tickets silence their own customer alone',
    ),
    contactCount: z.number().int(),
    contacts: listOf(contact).describe('A page; `cursor` leads on'),
  })
  .meta({ id: 'Account', description: 'A company or household whose contacts are customers' });
