import { z } from 'zod';
import { ACTION_CLASSES } from '../../domain/definition.ts';
import { COUNTED_EFFECTS } from '../../domain/delivery.ts';
import {
  cel,
  celMoney,
  channel,
  choice,
  description,
  displayName,
  eventName,
  id,
  LARGEST_AMOUNT,
  positiveDuration,
  reasonCode,
} from './scalars.ts';
import { triggerFields } from './step-schema.ts';

const limit = z
  .strictObject({
    max: z.int().min(1).max(COUNTED_EFFECTS),
    every: positiveDuration.optional().describe('Within this time. Without it: ever.'),
    per: choice(['customer', 'account', 'key'])
      .default('customer')
      .describe(
        "account: all members of the account together. key: per enrollment key, such as an order's id.",
      ),
    of: choice(['action', 'contentGroup'])
      .default('action')
      .describe('contentGroup: what is counted is every action of its group, on every channel.'),
  })
  .describe('How often this action may reach one customer.');

const task = z
  .strictObject({
    queue: id.describe('Queue of the agent desk.'),
    acknowledge: positiveDuration.describe('If no person takes the task within this time, it escalates.'),
    escalate: z.array(id).default([]).describe('Queues that it escalates to, one after the other.'),
    resolve: positiveDuration.describe('If it is not done within this time, the outcome is expired.'),
    outcomes: z.array(id).min(1).default(['done']).describe('What the person can answer.'),
    attach: z
      .array(choice(['cart', 'payments', 'tickets', 'timeline']))
      .default([])
      .describe('What the agent desk shows beside the customer.'),
    script: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .optional()
      .describe('What the agent desk suggests to say and to do.'),
  })
  .describe('How a person carries it out. Required for mode: human.');

const coupon = z
  .strictObject({
    percent: z.number().gt(0).max(100),
    validFor: positiveDuration,
    once: cel.describe(
      'The id of what the coupon is for, such as an order: a customer gets one coupon for each.',
    ),
  })
  .describe('A coupon code that the message carries.');

/** An action: something that can be done for a customer. */
export const actionSource = z
  .strictObject({
    id: id.describe('Id of the action. Its content is in content/{id}/.'),
    name: displayName,
    description,
    class: choice(ACTION_CLASSES).describe(
      'mandatory and transactional pass suppression and quiet hours; service passes with about.',
    ),
    purpose: id.optional().describe('For consent and caps. Default: the class.'),
    topic: id.optional().describe('For consent by topic.'),
    tags: z.array(id).default([]).describe('Steps can offer all actions of a tag: tag:x.'),
    product: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Id of the product it is about, for tickets that silence by product.'),
    mode: choice(['auto', 'human']).default('auto'),
    channels: z.array(channel).min(1).optional().describe('Default: email, or agent_desk for mode: human.'),
    priority: z.int().default(0).describe('Higher goes first within its class.'),
    lever: z.number().min(0.5).max(2).default(1).describe("The business's own weight on its value."),
    eligible: cel.optional().describe('May the customer have it at all?'),
    applicable: cel.optional().describe('Does it make sense now?'),
    suitable: cel.optional().describe('Is it right for the customer?'),
    value: celMoney.optional(),
    cost: celMoney.optional(),
    about: choice(['ticket', 'order'])
      .optional()
      .describe(
        'Ties a service action to what it is about. Without it an open ticket silences the action too.',
      ),
    limit: z.union([limit, z.array(limit)]).default([]),
    reward: z
      .strictObject({
        ...triggerFields,
        on: eventName,
        within: positiveDuration,
        amount: cel
          .optional()
          .describe(
            'Money that the event brings, such as event.properties.total. Without it a reward either happened or not.',
          ),
      })
      .optional()
      .describe('The event that shows that the action was right.'),
    budget: z
      .strictObject({
        amount: z.number().positive().max(LARGEST_AMOUNT).describe("In the workspace's currency."),
        per: choice(['month']).default('month'),
        of: choice(['workspace', 'group']).default('workspace'),
      })
      .optional(),
    inventory: z
      .strictObject({
        units: z.int().min(1).describe('How many units may be given away.'),
        per: choice(['month']).optional().describe('In each calendar month. Without it: ever.'),
      })
      .optional(),
    boost: z
      .array(z.strictObject({ when: cel, weight: z.number().min(0.25).max(4) }))
      .default([])
      .describe(
        'While a condition holds, the action fits the situation better (up to 4) or worse (down to 0.25). Weights multiply.',
      ),
    reasons: z
      .record(reasonCode, cel)
      .default({})
      .describe('Reasons that the agent desk shows with the task: each code whose condition holds.'),
    contentGroup: id
      .optional()
      .describe(
        'Groups actions with equivalent content: a limit may count them together, and what a model learns about one is the prior of the others.',
      ),
    coupon: coupon.optional(),
    task: task.optional(),
  })
  .meta({ id: 'action', title: 'An action' });

export type ActionSource = z.output<typeof actionSource>;
