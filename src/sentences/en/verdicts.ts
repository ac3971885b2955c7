import type { Catalogue } from '../message.ts';
import type { LiftMessages, VerdictMessages } from '../messages.ts';
import { after, byChannel } from './words.ts';

interface ConsentWords {
  purpose: string;
  topic: string | null;
  channel: string | null;
}

function consentTo({ purpose, topic, channel }: ConsentWords): string {
  const about = topic === null || topic === '*' ? '' : ` about ${topic}`;
  return `consent to ${purpose}${about}${byChannel(channel)}`;
}

function fullWindow(used: number | null, max: number | null, window: string | null): string {
  const counted = used === null || max === null ? '' : `: ${used} of ${max}`;
  return `${counted}${after(' in ', window)}`;
}

const condition = (layer: string) => (params: { condition: string | null }) =>
  `its condition \`${layer}\` does not hold${after(': ', params.condition)}`;

export const verdicts: Catalogue<VerdictMessages> = {
  'blocked.consent_withdrawn': (params) => `${consentTo(params)} was withdrawn`,
  'blocked.consent_unknown': (params) => `no ${consentTo(params)} is known`,
  'blocked.no_channel': ({ channel }) => `the workspace has no channel${after(' ', channel)}`,
  'blocked.no_address': ({ channel }) => `no address${after(' for ', channel)} is known`,
  'blocked.address_suppressed': ({ channel }) =>
    `the address${after(' for ', channel)} is on the suppression list`,
  'blocked.quiet_hours': ({ zone }) => `quiet hours${after(' in ', zone)}`,
  'blocked.customer_paused': ({ reason }) => `the customer is paused${after(': ', reason)}`,
  'blocked.action_paused': ({ since }) => `the action is paused for all customers${after(' since ', since)}`,
  'blocked.guardrail': ({ harm, since }) =>
    `a guardrail${after(' (', harm, ')')} paused the action for all customers${after(' at ', since)}`,
  'blocked.snoozed': ({ topics }) =>
    `the customer asked for silence${after(' about ', topics?.text ?? null)}`,
  'blocked.ticket_open': ({ tickets, since, owner }) => {
    const isOne = tickets.count === 1;
    const open = since === null ? (isOne ? 'is open' : 'are open') : `${isOne ? 'has' : 'have'} been open`;
    return `${isOne ? 'ticket' : 'tickets'} ${tickets.text}${after(' of ', owner)} ${open}${after(' since ', since)}`;
  },
  'blocked.cooling_down': ({ tickets, since }) =>
    tickets.count === 1
      ? `ticket ${tickets.text} was closed${after(' at ', since)}, and is cooling down`
      : `tickets ${tickets.text} were closed${after(', the last at ', since)}, and are cooling down`,
  'blocked.not_eligible': condition('eligible'),
  'blocked.not_applicable': condition('applicable'),
  'blocked.not_suitable': condition('suitable'),
  'blocked.too_soon': ({ last }) => `too soon after the last marketing message${after(' (', last, ')')}`,
  'blocked.cap_reached': ({ rule, used, max, window }) =>
    `the cap${after(' ', rule)} is full${fullWindow(used, max, window)}`,
  'blocked.limit_reached': ({ used, max, window }) =>
    `sent as often as its limit allows${fullWindow(used, max, window)}`,
  'blocked.content_seen': ({ used, max, window }) =>
    `content like it was seen as often as its limit allows${fullWindow(used, max, window)}`,
  'blocked.sunset': ({ last }) => `no activity of the customer${after(' since ', last)} for too long`,
  'blocked.budget_spent': () => 'its budget of the month is spent',
  'blocked.sold_out': ({ max }) => (max === null ? 'all are given away' : `all ${max} are given away`),
  'blocked.not_supported': () => 'this channel carries no coupons',
  'blocked.coupon_issued': () => 'its coupon was given already',
  'blocked.coupon_redeemed': () => 'its coupon was redeemed',
  'blocked.coupon_expired': () => 'its coupon has expired',
  'blocked.coupon_revoked': () => 'its coupon was revoked',
  'blocked.outranked': () => 'another action ranked higher',
  'blocked.do_nothing': () => 'doing nothing was worth more',
  'blocked.too_late': ({ deadline }) => `too late${after(': it was due until ', deadline)}`,
  'blocked.error': ({ gate, detail }) => `the rule ${gate} failed${after(': ', detail)}`,
  'blocked.unknown': ({ gate, code }) => `the rule ${gate} blocks${after(': ', code)}`,
};

export const lifts: Catalogue<LiftMessages> = {
  'lift.at': ({ at }) => `lifts at ${at}`,
  'lift.on': ({ event, coolDown }) => `lifts on ${event}${after(', then ', coolDown)}`,
  'lift.at_or_on': ({ at, event }) => `lifts at ${at}, or on ${event}`,
  'lift.bundle': () => 'lifts with a new version of the definitions',
  'lift.action_resumed': () => 'lifts when the action is resumed',
  'lift.activity': () => 'lifts on any activity of the customer',
  'lift.never': () => 'does not lift by itself',
};
