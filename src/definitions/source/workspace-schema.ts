import { z } from 'zod';
import { AUTONOMY, CAP_SCOPES } from '../../domain/definition.ts';
import { arbitration, guardrails, ideal, sendTime, worth } from './decisioning-schema.ts';
import { cel, channel, choice, duration, id, percent, positiveDuration, timeOfDay } from './scalars.ts';

/** Names end up in mail headers, where a line break would begin another header. */
const plainName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, 'must be one line');

const silenced = z.array(choice(['marketing', 'service'])).min(1);

const tickets = z
  .strictObject({
    suppress: silenced.default(['marketing']).describe('Classes of actions that an open ticket silences.'),
    scope: choice(['customer', 'account', 'product'])
      .default('customer')
      .describe('Whom it silences: its customer, all of the account, or only what is about its product.'),
    cooldown: duration.default('48h').describe('Silence that goes on after the last ticket was closed.'),
    maxAge: positiveDuration
      .default('30d')
      .describe('Open for longer, it is told of once as Ticket Overdue. It goes on silencing.'),
    severity: z
      .record(
        z.string().min(1).max(64),
        z.strictObject({ suppress: silenced.optional(), cooldown: duration.optional() }),
      )
      .default({})
      .describe("What differs for tickets of a severity, by the help desk's word for it."),
  })
  .describe('What an open service ticket silences.');

/** Also the caps of `group.yaml`. */
export const cap = z.strictObject({
  max: z.int().min(1).describe('At most this many contacts…'),
  per: positiveDuration.describe('…within this time.'),
  channel: channel.optional().describe('Only of this channel; all channels if left out.'),
  purpose: id.optional().describe('Only of actions with this purpose; all marketing if left out.'),
  of: choice(CAP_SCOPES).optional().describe('Whose contacts are counted together. Default: customer.'),
});

const channelSource = z.strictObject({
  via: choice(['webhook', 'desk']).describe(
    'webhook: a signed call to your connector. desk: a person carries it out.',
  ),
  address: z.string().min(1).max(100).optional().describe('Trait that holds the address, such as phone.'),
});

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
    holdout: percent
      .default('0%')
      .describe('Share of customers whom no marketing journey treats, to compare everything with.'),
    tickets: tickets.prefault({}),
    spacing: duration
      .default('24h')
      .describe('Gap after a marketing contact, over all journeys and channels.'),
    spread: duration
      .default('10m')
      .describe(
        'Over this time customers are woken whom one hour concerns together: the end of quiet hours, 09:00.',
      ),
    caps: z.array(cap).default([]).describe('Limits on contacts, over all journeys.'),
    channels: z
      .record(channel, channelSource)
      .default({})
      .describe('Channels beside email and agent_desk, by id.'),
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
    sunset: z
      .strictObject({ after: positiveDuration })
      .optional()
      .describe('Marketing ends for whom nothing was heard of for so long.'),
    personalisation: z
      .int()
      .min(0)
      .max(3)
      .default(3)
      .describe('How personal it may get for customers who have not chosen: 0 to 3.'),
    topics: z.array(id).default([]).describe('What the preference centre offers.'),
    snooze: z.array(positiveDuration).default([]).describe('For how long customers may be left in peace.'),
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
    autonomy: choice(AUTONOMY)
      .default('rules_only')
      .describe(
        'Who decides where a step or placement does not say: rules, a model within them, or a model.',
      ),
    arbitration: arbitration.prefault({}),
    ideal: ideal.default([]),
    worth: worth.prefault({}),
    guardrails: guardrails.optional(),
    sendTime: sendTime.prefault({}),
    sender: z
      .strictObject({ name: plainName, email: z.email('must be an e-mail address') })
      .describe('Who messages come from.'),
    stages: z
      .array(
        z.strictObject({
          id,
          owner: id.describe('The role that answers for this stage.'),
          when: cel
            .optional()
            .describe(
              'A customer is in the first stage whose condition holds. Without one it is for reports only.',
            ),
        }),
      )
      .default([])
      .describe("Stages of a customer's whole life, in order. Any may follow any."),
    roles: z.array(id).default([]).describe('Roles that own journeys, beside the owners of the stages.'),
  })
  .meta({ id: 'workspace', title: 'workspace.yaml' });

export type WorkspaceSource = z.output<typeof workspaceSource>;
export type CapSource = z.output<typeof cap>;
