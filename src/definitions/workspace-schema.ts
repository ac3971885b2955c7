import { z } from 'zod';
import { choice, duration, id, positiveDuration, timeOfDay } from './scalars.ts';

/** Channels that a delivery can go through. `agent_desk` is where people carry out actions of `mode: human`. */
export const CHANNELS = ['email', 'agent_desk'] as const;
export const PLANNED_CHANNELS = [
  'sms',
  'push',
  'web',
  'webhook',
  'in_app',
  'ivr',
  'chat',
  'whatsapp',
  'social',
  'paid_media',
  'print',
];

export const channel = choice(CHANNELS, PLANNED_CHANNELS).describe(
  'email, or agent_desk for actions carried out by a person.',
);

/** Names end up in mail headers, where a line break would begin another header. */
const plainName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, 'must be one line');

const tickets = z
  .strictObject({
    suppress: z
      .array(choice(['marketing', 'service']))
      .min(1)
      .default(['marketing'])
      .describe('Classes of actions that an open ticket silences.'),
    scope: choice(['customer'], ['account', 'product']).default('customer'),
    cooldown: duration.default('48h').describe('Silence that goes on after the last ticket was closed.'),
  })
  .describe('What an open service ticket silences.');

const cap = z
  .strictObject({
    max: z.int().min(1).describe('At most this many marketing contacts…'),
    per: positiveDuration.describe('…within this time.'),
    channel: channel.optional().describe('Only of this channel; all channels if left out.'),
    of: choice(['customer'], ['account', 'group']).default('customer'),
  })
  .describe('A limit on marketing contacts, over all journeys.');

/** `workspace.yaml`: one brand, and the contact policy that holds for all its journeys. */
export const workspaceSource = z
  .strictObject({
    id: id.describe('Id of the workspace: one brand or tenant.'),
    name: plainName.describe('As customers know it.'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be a currency code such as EUR')
      .describe('ISO 4217. Amounts without a currency count as this one.'),
    timezone: z
      .string()
      .min(1)
      .describe('IANA zone such as Europe/Berlin, for customers whose own is unknown.'),
    locales: z
      .array(z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'must be a locale such as en or de-AT'))
      .min(1)
      .describe('Languages of the content. The first is the fallback.'),
    tickets: tickets.prefault({}),
    spacing: duration
      .default('24h')
      .describe('Gap after a marketing contact, over all journeys and channels.'),
    caps: z.array(cap).default([]),
    quiet: z
      .strictObject({
        from: timeOfDay,
        to: timeOfDay,
        classes: z
          .array(z.enum(['marketing', 'service']))
          .min(1)
          .default(['marketing', 'service'])
          .describe('Which classes are silent then. Transactional and mandatory ones always pass.'),
      })
      .optional()
      .describe('Hours of the customer’s zone in which nobody is disturbed.'),
    scores: z
      .strictObject({
        value: z
          .strictObject({
            half: z
              .number()
              .positive()
              .default(100)
              .describe('Lifetime spend at which scores.value reads 0.5.'),
          })
          .prefault({}),
      })
      .prefault({})
      .describe('How the scores that conditions can read are made.'),
    sender: z
      .strictObject({ name: plainName, email: z.email('must be an e-mail address') })
      .describe('Who messages come from.'),
    stages: z
      .array(z.strictObject({ id, owner: id.describe('The role that answers for this stage.') }))
      .default([])
      .describe("Stages of a customer's whole life. Any may follow any."),
    roles: z.array(id).default([]).describe('Roles that own journeys, beside the owners of the stages.'),
  })
  .meta({ id: 'workspace', title: 'workspace.yaml' });

export type WorkspaceSource = z.output<typeof workspaceSource>;
