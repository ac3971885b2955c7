import { describe, expect, test } from 'vitest';
import { describeItem } from '../../src/sentences/describe-item.ts';
import { type ActionFacts, explainAction } from '../../src/sentences/explain-action.ts';
import { item, NOW, sentences } from './support.ts';

type Gate = ActionFacts['eligibility']['channels'][number]['gates'][number];

const at = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();
const tips = {
  id: 'e1',
  journey: 'tips',
  step: 'tip',
  state: 'held',
  arm: 'treated',
  reason: null,
  wakers: [{ at: at(20), reason: 'hold' }, { at: at(900), reason: 'exit' }, { event: 'Ticket Closed' }],
};

function facts(gates: Gate[], changes: Partial<ActionFacts> = {}): ActionFacts {
  return {
    customer: { suppressed: { reasons: [] }, poison: null, enrollments: [tips] },
    eligibility: {
      action: 'tip-grinder',
      purpose: 'marketing',
      topic: 'tips',
      offeredBy: { journeys: ['tips'], placements: [] },
      enrollmentId: 'e1',
      allowed: gates.length === 0,
      channels: [{ channel: 'email', verdict: gates.length === 0 ? 'allowed' : 'blocked', gates }],
    },
    deliveries: [],
    tasks: [],
    decisions: [],
    coupons: [],
    ...changes,
  };
}

function explain(input: ActionFacts): string[] {
  const { headline, facts: lines } = explainAction(input);
  return [headline, ...lines].map((message) => sentences.write(message));
}

const gate = (name: string, code: string, more: Partial<Gate> = {}): Gate => ({
  gate: name,
  pass: false,
  code,
  ...more,
});
const ticketOpen = gate('suppression', 'ticket_open', { observed: ['T1'], liftsOn: 'Ticket Closed' });
const T1 = { ticketId: 'T1', ownerId: null, since: at(0), coolDownSeconds: 48 * 3_600 };
const withTicket = (more: object = {}): Partial<ActionFacts> => ({
  customer: { suppressed: { reasons: [{ ...T1, ...more }] }, poison: null, enrollments: [tips] },
});

const held = 'tips is held at the step tip, and decided again by Mon 30 Nov, 11:23';

describe('what blocks an action, the longest first, each with its lift', () => {
  test.each<[string, ActionFacts, string[]]>([
    [
      'an open ticket',
      facts([ticketOpen], withTicket()),
      ['silent: ticket T1 has been open since 15:23; lifts on Ticket Closed, then 48 h', held],
    ],
    [
      'a ticket of another member of the account, without a cool-down',
      facts([ticketOpen], withTicket({ ownerId: 'cus_b', coolDownSeconds: 0, since: at(-30) })),
      ['silent: ticket T1 of cus_b has been open since Sat 28 Nov, 09:23; lifts on Ticket Closed', held],
    ],
    [
      'a cool-down and the gap after a message',
      facts([
        gate('spacing', 'too_soon', { observed: at(-1), liftsAt: at(23) }),
        gate('suppression', 'cooling_down', { observed: ['T1'], liftsAt: at(47) }),
      ]),
      [
        'silent: ticket T1 was closed, and is cooling down; lifts at Tue 1 Dec, 14:23',
        'too soon after the last marketing message (14:23); lifts at Mon 30 Nov, 14:23',
        held,
      ],
    ],
    [
      'a full cap: which, how full, and when it frees',
      facts([
        gate('caps', 'cap_reached', {
          rule: 'caps[0]',
          observed: 3,
          needed: 3,
          liftsAt: at(5),
          windowSeconds: 7 * 86_400,
        }),
      ]),
      ['silent: the cap caps[0] is full: 3 of 3 in 7 days; lifts at 20:23', held],
    ],
    [
      'missing consent: to what, about what and by what',
      facts([gate('consent', 'consent_unknown', { observed: null, liftsOn: 'Consent Changed' })]),
      ['silent: no consent to marketing about tips by email is known; lifts on Consent Changed', held],
    ],
    [
      'quiet hours',
      facts([gate('quiet_hours', 'quiet_hours', { observed: 'Europe/Berlin', liftsAt: at(16) })]),
      ['silent: quiet hours in Europe/Berlin; lifts at Mon 30 Nov, 07:23', held],
    ],
    [
      'a guardrail and a spent budget',
      facts([
        gate('guardrail', 'guardrail', {
          observed: { harm: 'unsubscribe', since: at(-2) },
          liftsOn: 'Action Resumed',
        }),
        gate('budget', 'budget_spent', { observed: 500_000, needed: 500_000, liftsAt: at(33) }),
      ]),
      [
        'silent: a guardrail (unsubscribe) paused the action for all customers at 13:23; lifts when the action is resumed',
        'its budget of the month is spent; lifts at Tue 1 Dec, 00:23',
        held,
      ],
    ],
    [
      'a pause, and a condition that nothing lifts',
      facts([
        gate('paused', 'customer_paused', { observed: 'legal case', liftsOn: 'Customer Resumed' }),
        gate('suitability', 'not_suitable', { observed: false, needed: "!segment('detractors')" }),
      ]),
      [
        "silent: its condition `suitable` does not hold: !segment('detractors'); does not lift by itself",
        'the customer is paused: legal case; lifts on Customer Resumed',
        held,
      ],
    ],
    [
      'a limit, with the last message',
      facts(
        [gate('limit', 'limit_reached', { observed: 1, needed: 1, liftsAt: at(24), windowSeconds: null })],
        {
          deliveries: [
            { action: 'tip-grinder', channel: 'email', state: 'sent', at: at(-24 * 8), error: null },
            { action: 'tip-grinder', channel: 'email', state: 'sent', at: at(-24 * 90), error: null },
          ],
        },
      ),
      [
        'silent: sent as often as its limit allows: 1 of 1; lifts at Mon 30 Nov, 15:23',
        'last sent by email at Sat 21 Nov, 15:23',
        held,
      ],
    ],
    [
      'a coupon that was given',
      facts([gate('coupon', 'coupon_issued', { observed: 'cpn_1' })], {
        coupons: [
          {
            action: 'tip-grinder',
            state: 'redeemed',
            percent: 20,
            expiresAt: at(700),
            redeemedAt: at(-2),
            orderId: 'o-9',
          },
        ],
      }),
      [
        'silent: its coupon was given already; does not lift by itself',
        'coupon redeemed for order o-9 at 13:23',
        held,
      ],
    ],
    [
      'quiet hours in which one channel alone is silent',
      {
        ...facts([ticketOpen]),
        eligibility: {
          ...facts([ticketOpen]).eligibility,
          channels: [
            { channel: 'email', verdict: 'blocked', gates: [ticketOpen] },
            {
              channel: 'sms',
              verdict: 'blocked',
              gates: [
                ticketOpen,
                gate('reachable', 'no_address', { needed: 'sms', liftsOn: 'Customer Identified' }),
              ],
            },
          ],
        },
      },
      [
        'silent: ticket T1 is open; lifts on Ticket Closed',
        'sms: no address for sms is known; lifts on Customer Identified',
        held,
      ],
    ],
  ])('%s', (_, input, expected) => {
    expect(explain(input)).toEqual(expected);
  });
});

describe('what is not up to the gates', () => {
  const customer = facts([]).customer;
  const task = {
    action: 'tip-grinder',
    state: 'open',
    queue: 'sales',
    createdAt: at(-1),
    resolveBy: at(3),
    outcome: null,
  };
  const lost = (code: string, more: object = {}) => ({
    at: at(-1),
    actions: code === 'outranked' ? [{ action: 'refill' }] : [],
    candidates: [
      {
        action: 'tip-grinder',
        channel: 'email',
        verdict: 'outranked',
        gates: [gate('arbitration', code, more)],
      },
    ],
  });

  test.each<[string, ActionFacts, string, string[]]>([
    [
      'nothing is against it',
      facts([]),
      'allowed',
      ['allowed: nothing blocks it by email; the next decision is at Mon 30 Nov, 11:23', held],
    ],
    [
      'planned',
      facts([ticketOpen], {
        deliveries: [{ action: 'tip-grinder', channel: 'email', state: 'planned', at: at(3), error: null }],
      }),
      'planned',
      ['planned: leaves by email at 18:23', 'ticket T1 is open; lifts on Ticket Closed', held],
    ],
    [
      'a person has it',
      facts([], { tasks: [task] }),
      'task',
      ['with a person: its task is open in the queue sales, to be done by 18:23', held],
    ],
    [
      'the customer is parked',
      facts([], { customer: { ...customer, poison: { reason: 'too many steps', retryAt: at(1) } } }),
      'parked',
      ['parked: the last decision failed: too many steps; tried again at 16:23', held],
    ],
    [
      'the enrollment is parked',
      facts([], {
        customer: { ...customer, enrollments: [{ ...tips, state: 'poison', reason: 'no such step' }] },
      }),
      'parked',
      ['parked: the last decision failed: no such step', 'tips is parked at the step tip'],
    ],
    [
      'a control of its journey',
      {
        ...facts([]),
        customer: { ...customer, enrollments: [{ ...tips, arm: 'control', state: 'control' }] },
        eligibility: { ...facts([]).eligibility, enrollmentId: null },
      },
      'control',
      ['control: the customer is in the control group of tips, which gets no messages'],
    ],
    [
      'in no journey that offers it; gates that read an enrollment say nothing then',
      {
        ...facts([]),
        customer: { ...customer, enrollments: [] },
        eligibility: {
          ...facts([ticketOpen, gate('eligibility', 'not_eligible', { needed: 'x' })]).eligibility,
          enrollmentId: null,
          offeredBy: { journeys: ['tips', 'adoption'], placements: [] },
        },
      },
      'not_enrolled',
      [
        'not offered: the customer is in none of the journeys that offer it: tips and adoption',
        'ticket T1 is open; lifts on Ticket Closed',
      ],
    ],
    [
      'sent before, in a journey that has ended',
      {
        ...facts([], {
          deliveries: [{ action: 'tip-grinder', channel: 'email', state: 'sent', at: at(-1), error: null }],
        }),
        customer: { ...customer, enrollments: [] },
        eligibility: { ...facts([]).eligibility, enrollmentId: null },
      },
      'sent',
      ['sent: went by email at 14:23, and the customer is not in tips any more'],
    ],
    [
      'offered on request only',
      {
        ...facts([]),
        eligibility: {
          ...facts([]).eligibility,
          enrollmentId: null,
          offeredBy: { journeys: [], placements: ['web-home'] },
        },
      },
      'allowed',
      ['allowed: nothing blocks it by email; it is offered on request at web-home'],
    ],
    [
      'offered by nothing',
      {
        ...facts([]),
        eligibility: {
          ...facts([]).eligibility,
          enrollmentId: null,
          offeredBy: { journeys: [], placements: [] },
        },
      },
      'not_offered',
      ['not offered: no journey and no placement offers it'],
    ],
    [
      'its journey waits at another step',
      facts([], {
        customer: { ...customer, enrollments: [{ ...tips, state: 'waiting', step: 'week' }] },
      }),
      'waiting',
      ['not yet: nothing blocks it, and tips waits at the step week until Mon 30 Nov, 11:23'],
    ],
    [
      'another action won',
      facts([], { decisions: [lost('outranked', { liftsAt: at(23) })] }),
      'outranked',
      [
        'outranked: nothing blocks it, but at 14:23 refill ranked higher; it competes again at Mon 30 Nov, 14:23',
        held,
      ],
    ],
    [
      'doing nothing won',
      facts([], { decisions: [lost('do_nothing')] }),
      'outranked',
      ['outranked: nothing blocks it, but at 14:23 doing nothing was worth more', held],
    ],
  ])('%s', (_, input, state, expected) => {
    expect(explain(input)).toEqual(expected);
    expect(explainAction(input).state).toBe(state);
  });
});

describe('items of the timeline', () => {
  test.each<[Parameters<typeof item>[0], string]>([
    [
      {
        title: 'Ticket Opened',
        data: { ticket_id: 'T1', subject: 'It leaks', severity: 'high' },
        effects: ['suppressed'],
      },
      'ticket T1 opened (high): It leaks; messages that it silences wait until it is closed',
    ],
    [
      {
        title: 'Order Completed',
        data: {
          order_id: 'o-1',
          total: 412,
          currency: 'EUR',
          products: [{ product_id: 'espresso-machine' }],
        },
        effects: ['repeated'],
      },
      'order o-1 completed: €412.00 for espresso-machine; repeated, so it counts for nothing',
    ],
    [
      { title: 'Payment Failed', data: { order_id: 'o-2', value: 412, code: 'card_declined' } },
      'payment of order o-2 failed: card_declined, 412',
    ],
    [
      { data: { product_id: 'espresso', price: 3, tags: ['a'] } },
      'Product Viewed (product_id espresso and price 3)',
    ],
    [
      {
        title: 'Delivery Held',
        data: { action: 'tip', channel: 'sms', verdict: { refusals: [ticketOpen] } },
      },
      'tip was held when it was due by sms: ticket T1 is open',
    ],
    [
      {
        kind: 'decision',
        data: { outcome: 'acted', chosen: ['ticket-help'] },
        changes: [{ kind: 'entered', journey: 'ticket-care', key: 'T1', arm: 'treated' }],
      },
      'decided: ticket-help; entered ticket-care for T1',
    ],
    [
      {
        kind: 'delivery',
        data: { state: 'cancelled', action: 'tip', channel: 'email', error: 'enrollment ended: exit: time' },
      },
      'tip by email was cancelled: the journey ended: its time is over',
    ],
    [
      { notes: [{ code: 'unknown_locale', field: 'context.locale', value: 'xx' }] },
      'Product Viewed; note on context.locale = xx: A language is not known. It counts as absent.',
    ],
  ])('%#', (changes, expected) => {
    expect(sentences.write(describeItem(item(changes)))).toBe(expected);
  });
});
