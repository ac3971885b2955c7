import type { Instant, Millis } from '../domain/time/time.ts';
import { GATE_FAILED, type VerdictCode } from '../domain/verdict-code.ts';
import { type Message, message } from './message.ts';
import { listParam, timeParam } from './param.ts';
import { readInstant, readNumber, readObject, readText, readTexts } from './read-value.ts';

/** A verdict that blocks, as the API shows it, or as a record keeps it with times in milliseconds. */
export interface BlockingVerdict {
  gate: string;
  rule?: string;
  code?: string;
  observed?: unknown;
  needed?: unknown;
  liftsAt?: string | number | null;
  liftsOn?: string | null;
  windowSeconds?: number | null;
}

/** A ticket that suppresses messages, as the view of a customer lists it under `suppressed.reasons`. */
export interface SuppressingTicket {
  ticketId: string;
  ownerId: string | null;
  since: string;
  coolDownSeconds: number | null;
}

/** What is known around a verdict. The more of it, the more the sentence says. */
export interface VerdictContext {
  channel?: string | null;
  purpose?: string;
  topic?: string | null;
  tickets?: readonly SuppressingTicket[];
}

/** Why a gate blocks, in one sentence. */
export function describeVerdict(verdict: BlockingVerdict, context: VerdictContext = {}): Message {
  const { gate, rule = null, observed, needed } = verdict;
  const code = (verdict.code ?? '') as VerdictCode;
  const { purpose = 'marketing', topic = null } = context;
  const channel = context.channel ?? (gate === 'reachable' ? readText(needed) : null);
  const consent = { purpose, topic, channel };
  const used = readNumber(observed);
  const max = readNumber(needed);
  const window =
    typeof verdict.windowSeconds === 'number' ? { duration: verdict.windowSeconds * 1_000 } : null;
  const condition = { condition: readText(needed) };
  switch (code) {
    case 'consent_withdrawn':
      return message('blocked.consent_withdrawn', consent);
    case 'consent_unknown':
      return message('blocked.consent_unknown', consent);
    case 'no_channel':
      return message('blocked.no_channel', { channel });
    case 'no_address':
      return message('blocked.no_address', { channel });
    case 'address_suppressed':
      return message('blocked.address_suppressed', { channel });
    case 'quiet_hours':
      return message('blocked.quiet_hours', { zone: readText(observed) });
    case 'customer_paused':
      return message('blocked.customer_paused', { reason: readText(observed) });
    case 'action_paused':
      return message('blocked.action_paused', { since: timeParam(readInstant(readObject(observed).since)) });
    case 'guardrail': {
      const { harm, since } = readObject(observed);
      return message('blocked.guardrail', { harm: readText(harm), since: timeParam(readInstant(since)) });
    }
    case 'snoozed':
      return message('blocked.snoozed', { topics: listParam(readTexts(observed)) });
    case 'ticket_open':
    case 'cooling_down':
      return describeTickets(code, observed, context.tickets ?? []);
    case 'not_eligible':
      return message('blocked.not_eligible', condition);
    case 'not_applicable':
      return message('blocked.not_applicable', condition);
    case 'not_suitable':
      return message('blocked.not_suitable', condition);
    case 'too_soon':
      return message('blocked.too_soon', { last: timeParam(readInstant(observed)) });
    case 'cap_reached':
      return message('blocked.cap_reached', { rule, used, max, window });
    case 'limit_reached':
      return message('blocked.limit_reached', { used, max, window });
    case 'content_seen':
      return message('blocked.content_seen', { used, max, window });
    case 'sunset':
      return message('blocked.sunset', { last: timeParam(readInstant(observed)) });
    case 'budget_spent':
      return message('blocked.budget_spent', {});
    case 'sold_out':
      return message('blocked.sold_out', { max });
    case 'not_supported':
      return message('blocked.not_supported', {});
    case 'coupon_issued':
      return message('blocked.coupon_issued', {});
    case 'coupon_redeemed':
      return message('blocked.coupon_redeemed', {});
    case 'coupon_expired':
      return message('blocked.coupon_expired', {});
    case 'coupon_revoked':
      return message('blocked.coupon_revoked', {});
    case 'outranked':
      return message('blocked.outranked', {});
    case 'do_nothing':
      return message('blocked.do_nothing', {});
    case 'too_late':
      return message('blocked.too_late', { deadline: timeParam(readInstant(needed)) });
    case GATE_FAILED:
      return message('blocked.error', { gate: rule ?? gate, detail: readText(observed) });
    default:
      code satisfies never;
      return message('blocked.unknown', { gate, code: readText(code) });
  }
}

function describeTickets(
  code: 'ticket_open' | 'cooling_down',
  observed: unknown,
  known: readonly SuppressingTicket[],
): Message {
  const ids = readTexts(observed) ?? ['?'];
  const tickets = known.filter(({ ticketId }) => ids.includes(ticketId));
  const times = tickets.flatMap(({ since }) => readInstant(since) ?? []);
  if (code === 'cooling_down')
    return message('blocked.cooling_down', { tickets: { list: ids }, since: newest(times) });
  const owners = new Set(tickets.map(({ ownerId }) => ownerId));
  const owner = owners.size === 1 ? ([...owners][0] ?? null) : null;
  return message('blocked.ticket_open', { tickets: { list: ids }, since: oldest(times), owner });
}

function newest(times: Instant[]) {
  return times.length === 0 ? null : { time: Math.max(...times) };
}

function oldest(times: Instant[]) {
  return times.length === 0 ? null : { time: Math.min(...times) };
}

/** When a reason is over, in one sentence. */
export function describeLift(
  { code, observed, ...verdict }: BlockingVerdict,
  { tickets = [] }: VerdictContext = {},
): Message {
  const at = readInstant(verdict.liftsAt);
  const event = readText(verdict.liftsOn);
  if (at !== null && event !== null) return message('lift.at_or_on', { at: { time: at }, event });
  if (at !== null) return message('lift.at', { at: { time: at } });
  if (event === null) return message('lift.never', {});
  if (event === 'bundle') return message('lift.bundle', {});
  if (event === 'Action Resumed') return message('lift.action_resumed', {});
  if (event === 'Customer Activity') return message('lift.activity', {});
  const coolDown = code === 'ticket_open' ? findCoolDown(readTexts(observed) ?? [], tickets) : 0;
  return message('lift.on', { event, coolDown: coolDown > 0 ? { duration: coolDown } : null });
}

/** The longest cool-down of the tickets. */
function findCoolDown(ids: string[], tickets: readonly SuppressingTicket[]): Millis {
  const lengths = tickets
    .filter(({ ticketId }) => ids.includes(ticketId))
    .map(({ coolDownSeconds }) => coolDownSeconds ?? 0);
  return Math.max(0, ...lengths) * 1_000;
}
