import { z } from 'zod';
import { needsWideMail, normaliseEmailAddress } from '../../domain/customer/email-address.ts';
import { AUTONOMY, BROWSER_STATEMENTS, CAP_SCOPES } from '../../domain/definition.ts';
import { COUNTED_EFFECTS } from '../../domain/delivery.ts';
import { TICKET_STATUSES } from '../../domain/ticket-status.ts';
import { LOCALE_PATTERN } from '../../domain/values/locale.ts';
import { arbitration, guardrails, ideal, sendTime, worth } from './decisioning-schema.ts';
import {
  cel,
  channel,
  choice,
  currency,
  duration,
  id,
  percent,
  positiveDuration,
  text,
  timeOfDay,
} from './scalars.ts';

/** Names are written to mail headers, where a line break would start another header. */
const plainName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, 'must be one line');

/** What mail programs show in the place of the sender's address, so it must not show another one. */
const senderName = plainName
  .refine(
    (name) => !/\S@\S|=\?/.test(name),
    "must not contain an address: mail programs show it in the place of the sender's own",
  )
  .refine((name) => !/[\u202a-\u202e\u2066-\u2069]/.test(name), 'must not turn the direction of its text');

const silencedClasses = z.array(choice(['marketing', 'service'])).min(1);

const tickets = z
  .strictObject({
    suppress: silencedClasses
      .default(['marketing'])
      .describe('Classes of actions that an open ticket silences.'),
    scope: choice(['customer', 'account', 'product'])
      .default('customer')
      .describe(
        'What it silences: its customer, all members of the account, or only actions about its product.',
      ),
    cooldown: duration
      .default('48h')
      .describe('How long the silence lasts after the last ticket was closed.'),
    maxAge: positiveDuration
      .default('30d')
      .describe('A ticket that is open for longer emits Ticket Overdue once, and keeps silencing.'),
    status: z
      .record(z.string().min(1).max(64), choice(TICKET_STATUSES))
      .default({})
      .describe("The help desk's own words for states, each open or closed. Common words are known."),
    severity: z
      .record(
        z.string().min(1).max(64),
        z.strictObject({ suppress: silencedClasses.optional(), cooldown: duration.optional() }),
      )
      .default({})
      .describe("Different values for tickets of a severity, by the help desk's name of it."),
  })
  .describe('What an open service ticket silences.');

/** A cap of workspace.yaml or group.yaml. */
export const cap = z
  .strictObject({
    max: z.int().min(1).describe('At most this many contacts.'),
    per: positiveDuration.describe('Within this time.'),
    channel: channel.optional().describe('Only of this channel. Without it: all channels.'),
    purpose: id.optional().describe('Only of actions with this purpose. Without it: all marketing.'),
    of: choice(CAP_SCOPES).optional().describe('The contacts that are counted together. Default: customer.'),
  })
  .refine(({ max, of = 'customer' }) => of !== 'customer' || max <= COUNTED_EFFECTS, {
    path: ['max'],
    message: `must be at most ${COUNTED_EFFECTS} for one customer`,
  });

/** A logo is an address, or a drawing that is text: it needs no other server. */
function isLogo(logo: string): boolean {
  if (/^\s*<svg[\s>]/.test(logo)) return /<\/svg>\s*$/.test(logo);
  return URL.canParse(logo) && new URL(logo).protocol === 'https:';
}

const brand = z
  .strictObject({
    color: text(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #6f4e37')
      .optional()
      .describe('Of buttons and links. It is darkened or lightened where it would be hard to read.'),
    logo: z
      .string()
      .max(20_000)
      .refine(isLogo, 'must be an address with https, or SVG text that begins with <svg and ends with </svg>')
      .optional()
      .describe('Shown above the pages, in the place of the name: an https address, or SVG as text.'),
  })
  .describe('How the pages for customers look: preferences, unsubscribe, catalogue.');

const channelSource = z.strictObject({
  via: choice(['provider', 'webhook', 'desk']).describe(
    'provider: the one that the configuration has for the channel; webhook is another word for it. desk: people carry it out.',
  ),
  address: z.string().min(1).max(100).optional().describe('Trait that holds the address, such as phone.'),
});

/** The domain may be beyond ASCII. The part before the @ may not: few mail servers take such a sender. */
const senderAddress = z
  .string({ error: ({ input }) => (input === undefined ? undefined : 'must be an e-mail address') })
  .refine((text) => isSenderAddress(text), 'must be an e-mail address')
  .meta({ format: 'idn-email' });

function isSenderAddress(text: string): boolean {
  const address = normaliseEmailAddress(text);
  return address !== undefined && !needsWideMail(address);
}

/** workspace.yaml: one brand, and the contact policy of all its journeys. */
export const workspaceSource = z
  .strictObject({
    id: id.describe('Id of the workspace: one brand or tenant.'),
    name: plainName.describe('Name of the brand for customers.'),
    brand: brand.optional(),
    currency: currency.describe('ISO 4217. Amounts without a currency are in this one.'),
    timezone: z
      .string()
      .min(1)
      .describe('IANA zone such as Europe/Berlin, for customers without a known zone.'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be a country code such as DE')
      .optional()
      .describe('ISO 3166. Phone numbers without a country code are of this country.'),
    locales: z
      .array(text(new RegExp(`^${LOCALE_PATTERN}$`), 'must be a locale such as en, de-AT or zh-Hant'))
      .min(1)
      .describe('Languages of the content. The first is the fallback.'),
    holdout: percent
      .default('0%')
      .describe('Share of customers whom no marketing journey treats, for comparison.'),
    tickets: tickets.prefault({}),
    spacing: duration
      .default('24h')
      .describe('Minimum time between marketing contacts, over all journeys and channels.'),
    spread: duration
      .default('10m')
      .describe(
        'Customers who would all be woken at one time, such as the end of quiet hours, are spread over this time.',
      ),
    caps: z.array(cap).default([]).describe('Limits on contacts, over all journeys.'),
    channels: z
      .record(channel, channelSource)
      .default({})
      .describe('Channels in addition to email and agent_desk, by id.'),
    quiet: z
      .strictObject({
        from: timeOfDay,
        to: timeOfDay,
        classes: z
          .array(z.enum(['marketing', 'service']))
          .min(1)
          .default(['marketing', 'service'])
          .describe(
            'Classes that are silent in these hours. Transactional and mandatory actions always pass.',
          ),
      })
      .optional()
      .describe('Hours on the customer’s clock without contacts.'),
    sunset: z
      .strictObject({ after: positiveDuration })
      .optional()
      .describe('Marketing ends for customers without any activity for this long.'),
    tracking: z
      .strictObject({
        clicks: z
          .boolean()
          .default(false)
          .describe('Links of mails lead through this server, which counts clicks.'),
        opens: z.boolean().default(false).describe('Mails hold an invisible image, which counts opens.'),
      })
      .prefault({})
      .describe(
        'Which answers to marketing and service mails this server counts itself. Never of customers who want no personalisation or have withdrawn profiling.',
      ),
    personalisation: z
      .int()
      .min(0)
      .max(3)
      .default(3)
      .describe('Personalisation level of customers who have not chosen one: 0 to 3.'),
    browserKeys: z
      .strictObject({
        mayState: z
          .array(choice(BROWSER_STATEMENTS))
          .min(1)
          .describe('What browser keys, which anybody can read, may state. Default: none of these.'),
      })
      .optional()
      .describe('Opens what needs a server key to everybody who reads the browser key in a page.'),
    topics: z.array(id).default([]).describe('Topics that the preference centre offers.'),
    snooze: z
      .array(positiveDuration)
      .default([])
      .describe('Durations for which customers can pause messages.'),
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
      .describe('Parameters of the scores that conditions can read.'),
    autonomy: choice(AUTONOMY)
      .default('rules_only')
      .describe(
        'Who decides for steps and placements without an autonomy: rules, a model within them, or a model.',
      ),
    arbitration: arbitration.prefault({}),
    ideal: ideal.default([]),
    worth: worth.prefault({}),
    guardrails: guardrails.optional(),
    sendTime: sendTime.prefault({}),
    sender: z.strictObject({ name: senderName, email: senderAddress }).describe('The sender of messages.'),
    stages: z
      .array(
        z.strictObject({
          id,
          owner: id.describe('The role that is responsible for this stage.'),
          when: cel
            .optional()
            .describe(
              'A customer is in the first stage whose condition holds. A stage without one is for reports only.',
            ),
        }),
      )
      .default([])
      .describe('Stages of the customer life cycle, in order. A customer may move between any two.'),
    roles: z
      .array(id)
      .default([])
      .describe('Roles that own journeys, in addition to the owners of the stages.'),
  })
  .meta({ id: 'workspace', title: 'workspace.yaml' });

export type WorkspaceSource = z.output<typeof workspaceSource>;
export type CapSource = z.output<typeof cap>;
