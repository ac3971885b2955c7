import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTicket, resolveTicket, type Ticket } from '../../../src/domain/ticket.ts';
import { isParseRefusal, parseCall } from '../../../src/sources/segment.ts';
import { ruleBody } from '../payloads/freshdesk/rule.ts';
import { conversation, notice, T0 } from '../payloads/intercom/notices.ts';
import { ticketEvent } from '../payloads/zendesk/events.ts';
import { triggerBody } from '../payloads/zendesk/trigger.ts';
import { findTicketCall, readCalls, type Sent } from './help-desk-support.ts';

const RECEIVED = Date.UTC(2026, 10, 30);

/** A state that the ticket goes through, and how long after the state before. */
interface State {
  status: 'new' | 'open' | 'pending' | 'solved' | 'closed';
  priority: 'low' | 'normal' | 'high';
  subject: string;
  /** Seconds since the state before. */
  after: number;
}

const OPENED = Date.UTC(2026, 10, 12, 10, 14, 30);
const iso = (at: number) => new Date(at).toISOString();

/** The requests of one ticket, in the order in which the help desk made them. */
const KINDS: Record<string, (states: readonly (State & { at: number })[]) => Sent[]> = {
  // Each state is a sequence of two events, of one time and two positions.
  zendesk: (states) =>
    states.flatMap(({ status, priority, subject, at }, index) => {
      const detail = { status: status.toUpperCase(), priority: priority.toUpperCase(), subject };
      const time = iso(at).replace('Z', '123456Z');
      const previous = states[index - 1]?.status.toUpperCase();
      const event = { current: detail.status, previous };
      return [
        {
          body: ticketEvent(index === 0 ? 'created' : 'status_changed', {
            at: time,
            detail,
            event,
            position: 1,
          }),
        },
        { body: ticketEvent('tags_changed', { at: time, detail, position: 2 }) },
      ];
    }),
  'zendesk, by triggers': (states) =>
    states.map(({ status, priority, subject, at }, index) => ({
      body: triggerBody({ status, priority, subject, updated_at: iso(at).replace(/:\d\d\.\d+Z$/, 'Z') }),
      headers: {
        'x-zendesk-webhook-invocation-id': `call-${index}`,
        'x-zendesk-webhook-signature-timestamp': iso(at),
      },
    })),
  intercom: (states) =>
    states.map(({ status, priority, subject, at }, index) => {
      const state =
        status === 'solved' || status === 'closed' ? 'closed' : status === 'pending' ? 'snoozed' : 'open';
      const fields = { state, title: subject, priority: priority === 'high' ? 'priority' : 'not_priority' };
      const item = conversation({ ...fields, updated_at: Math.floor(at / 1_000) });
      const topic = index === 0 ? 'conversation.user.created' : 'conversation.admin.assigned';
      return { body: notice(topic, item, `notif_${index}`) };
    }),
  freshdesk: (states) =>
    states.map(({ status, priority, subject, at }) => ({
      body: ruleBody({ status, priority, subject, updated_at: iso(at), triggered_event: '' }),
    })),
};

/** The ticket after these requests arrived in this order. A repeated message has no effect, as intake has it. */
function receive(kind: string, requests: readonly Sent[]): Omit<Ticket, 'seq' | 'stated'> {
  const seen = new Set<unknown>();
  let ticket: Ticket | undefined;
  for (const [index, request] of requests.entries()) {
    const call = findTicketCall(readCalls(kind, request));
    if (seen.has(call.messageId)) continue;
    seen.add(call.messageId);
    const event = parseCall(call, null, {
      workspace: 'aroma',
      receivedAt: RECEIVED,
      sentAt: undefined,
      historical: false,
      source: 'helpdesk',
    });
    if (isParseRefusal(event)) throw new Error(event.reason);
    const reported = readTicket({ ...event, seq: index + 1, acceptedAt: RECEIVED });
    if (!reported) throw new Error('the call reports no ticket');
    ticket = resolveTicket(ticket, reported);
  }
  if (!ticket) throw new Error('there is no ticket');
  const { seq: _, stated: __, ...state } = ticket;
  return state;
}

const state = fc.record({
  status: fc.constantFrom('open', 'pending', 'solved', 'closed'),
  priority: fc.constantFrom('low', 'normal', 'high'),
  subject: fc.constantFrom('It leaks', 'It still leaks', 'Gasket "B-7"'),
  // A minute apart, or seconds.
  after: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 60, max: 90_000 })),
}) as fc.Arbitrary<State>;

const history = fc.array(state, { minLength: 1, maxLength: 5 }).map((states) => {
  let at = OPENED;
  return states.map((each, index) => {
    at += index === 0 ? 0 : each.after * 1_000;
    return { ...each, at };
  });
});

describe.each(Object.keys(KINDS))('%s', (name) => {
  const kind = name.split(',')[0] as string;
  const send = KINDS[name] as (typeof KINDS)[string];

  test('the same requests in any order, with repetitions, give the same ticket', () => {
    const orders = history.chain((states) => {
      const requests = send(states);
      const repeated = fc.array(fc.constantFrom(...requests), { maxLength: 3 });
      const shuffled = repeated.chain((more) =>
        fc.shuffledSubarray([...requests, ...more], { minLength: requests.length + more.length }),
      );
      return fc.record({ states: fc.constant(states), requests: fc.constant(requests), shuffled });
    });
    fc.assert(
      fc.property(orders, ({ states, requests, shuffled }) => {
        const ticket = receive(kind, requests);
        expect(receive(kind, shuffled)).toEqual(ticket);
        // And that ticket is the last state.
        const last = states.at(-1) as State;
        expect(ticket.status).toBe(['solved', 'closed'].includes(last.status) ? 'closed' : 'open');
        expect(ticket.subject).toBe(last.subject);
      }),
      { numRuns: 150 },
    );
  });

  test('every order of five requests gives the same ticket', () => {
    const statuses = ['new', 'open', 'solved'] as const;
    const states = statuses.map((status, index): State & { at: number } => ({
      status,
      priority: index === 0 ? 'low' : 'high',
      subject: `${status}`,
      after: 1,
      at: OPENED + index * 20_000,
    }));
    const requests = [...send(states)].slice(0, 5);
    const expected = receive(kind, requests);
    for (const order of permute(requests)) expect(receive(kind, order)).toEqual(expected);
  });

  test('a late opening of a closed ticket changes nothing', () => {
    const states: (State & { at: number })[] = [
      { status: 'new', priority: 'high', subject: 'It leaks', after: 0, at: OPENED },
      { status: 'solved', priority: 'high', subject: 'It leaks', after: 5, at: OPENED + 5_000 },
    ];
    const requests = send(states);
    const late = [...requests.slice(requests.length / 2), ...requests.slice(0, requests.length / 2)];
    expect(receive(kind, late)).toMatchObject({
      status: 'closed',
      closedAt: receive(kind, requests).closedAt,
    });
    expect(T0 * 1_000).toBe(OPENED);
  });
});

function permute<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permute(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}
