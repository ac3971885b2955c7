import { z } from 'zod';
import { ACTION_CLASSES } from '../../domain/definition.ts';
import { cel, celMoney, channel, choice, eventName, id, positiveDuration, reasonCode } from './scalars.ts';
import { triggerFields } from './step-schema.ts';

const limit = z
  .strictObject({
    max: z.int().min(1),
    every: positiveDuration.optional().describe('Within this time; ever, if left out.'),
    per: choice(['customer', 'account', 'key'])
      .default('customer')
      .describe(
        "account: all contacts of the account together. key: per enrollment key, such as an order's id.",
      ),
  })
  .describe('How often this action may reach one customer.');

const task = z
  .strictObject({
    queue: id.describe('Queue of the agent desk.'),
    acknowledge: positiveDuration.describe('Nobody took it within this time: it escalates.'),
    escalate: z.array(id).default([]).describe('Queues that it goes to, one after the other.'),
    resolve: positiveDuration.describe('Not done within this time: the outcome is expired.'),
    outcomes: z.array(id).min(1).default(['done']).describe('What the person can answer.'),
    attach: z
      .array(choice(['cart', 'payments', 'tickets', 'timeline']))
      .default([])
      .describe("What stands on the person's screen beside the customer."),
  })
  .describe('How a person carries it out. Required for mode: human.');

const coupon = z
  .strictObject({
    percent: z.number().gt(0).max(100),
    validFor: positiveDuration,
    once: cel.describe('Gives what it is for, such as an order: one coupon for each.'),
  })
  .describe('A code that comes with it.');

/** An action: something that could be done for a customer. */
export const actionSource = z
  .strictObject({
    id: id.describe('Id of the action. Its content stands in content/{id}/.'),
    class: choice(ACTION_CLASSES).describe(
      'mandatory and transactional pass suppression and quiet hours; service passes with about.',
    ),
    purpose: id
      .optional()
      .describe('For consent and caps. Default: marketing for marketing actions, else the class.'),
    topic: id.optional().describe('What it is about, for consent by topic.'),
    tags: z.array(id).default([]).describe('Steps can name all actions of a tag: tag:x.'),
    product: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Id of the product that it is about, for tickets that silence by product.'),
    mode: choice(['auto', 'human']).default('auto'),
    channels: z.array(channel).min(1).optional().describe('Default: email, or agent_desk for mode: human.'),
    priority: z.int().default(0).describe('Higher goes first within its class.'),
    lever: z.number().min(0.5).max(2).default(1).describe("The business's own weight on its value."),
    eligible: cel.optional().describe('May this customer have it at all?'),
    applicable: cel.optional().describe('Does it make sense now?'),
    suitable: cel.optional().describe('Is it right for this customer?'),
    value: celMoney.optional(),
    cost: celMoney.optional(),
    about: choice(['ticket', 'order'])
      .optional()
      .describe('Ties a service action to what it is for; otherwise an open ticket silences it too.'),
    limit: z.union([limit, z.array(limit)]).default([]),
    reward: z
      .strictObject({
        ...triggerFields,
        on: eventName,
        within: positiveDuration,
        amount: cel
          .optional()
          .describe('Money of the event, such as event.properties.total. Without it: it happened or not.'),
      })
      .optional()
      .describe('What shows that it was right.'),
    budget: z
      .strictObject({
        amount: z.number().positive().describe("In the workspace's currency."),
        per: choice(['month']).default('month'),
        of: choice(['workspace', 'group']).default('workspace'),
      })
      .optional(),
    inventory: z
      .strictObject({
        units: z.int().min(1).describe('How many may be given away…'),
        per: choice(['month']).optional().describe('…in a calendar month; ever, if left out.'),
      })
      .optional(),
    boost: z
      .array(z.strictObject({ when: cel, weight: z.number().min(0.25).max(4) }))
      .default([])
      .describe('Where a condition holds, it fits the situation so much better or worse. Weights multiply.'),
    reasons: z
      .record(reasonCode, cel)
      .default({})
      .describe('Why it was chosen, as the person is told: each code whose condition holds.'),
    contentGroup: id.optional().describe('Equivalent content of other actions: seen in one, seen in all.'),
    coupon: coupon.optional(),
    task: task.optional(),
  })
  .meta({ id: 'action', title: 'An action' });

export type ActionSource = z.output<typeof actionSource>;
