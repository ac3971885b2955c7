import type { Catalogue } from '../message.ts';
import type { FollowMessages, OutlookMessages, StateMessages } from '../messages.ts';
import { after, byChannel, byChannels } from './words.ts';

export const outlook: Catalogue<OutlookMessages> = {
  'outlook.erased': ({ customer }) => `nothing: ${customer} was erased, and gets no messages`,
  'outlook.planned': ({ channel, at }) => `planned: leaves${byChannel(channel)} at ${at}`,
  'outlook.sending': ({ channel }) => `sending${byChannel(channel)} now`,
  'outlook.task': ({ state, queue, until }) =>
    `with a person: its task is ${state}${after(' in the queue ', queue)}${after(', to be done by ', until)}`,
  'outlook.parked': ({ reason, retryAt }) =>
    `parked: the last decision failed${after(': ', reason)}${after('; tried again at ', retryAt)}`,
  'outlook.control': ({ journeys }) =>
    `control: the customer is in the control group of ${journeys.text}, which gets no messages`,
  'outlook.not_enrolled': ({ journeys }) =>
    journeys.count === 1
      ? `not offered: the customer is not in ${journeys.text}, the journey that offers it`
      : `not offered: the customer is in none of the journeys that offer it: ${journeys.text}`,
  'outlook.sent': ({ channel, at, journeys }) =>
    `sent: went${byChannel(channel)} at ${at}, and the customer is not in ${journeys.text} any more`,
  'outlook.not_offered': () => 'not offered: no journey and no placement offers it',
  'outlook.silent': ({ reason, lift }) => `silent: ${reason}; ${lift}`,
  'outlook.waiting': ({ journey, step, until }) =>
    `not yet: nothing blocks it, and ${journey} waits at the step ${step}${after(' until ', until)}`,
  'outlook.busy': ({ journey, step }) =>
    `not yet: nothing blocks it, and ${journey} is busy with another action at the step ${step}`,
  'outlook.outranked': ({ winners, at, again }) =>
    `outranked: nothing blocks it, but at ${at} ${winners === null ? 'another action' : winners.text} ranked higher${after('; it competes again at ', again)}`,
  'outlook.nothing_won': ({ at }) =>
    `outranked: nothing blocks it, but at ${at} doing nothing was worth more`,
  'outlook.allowed': ({ channels, next }) =>
    `allowed: nothing blocks it${byChannels(channels.text)}${after('; the next decision is at ', next)}`,
  'outlook.on_request': ({ channels, placements }) =>
    `allowed: nothing blocks it${byChannels(channels.text)}; it is offered on request at ${placements.text}`,
  'reason.line': ({ channels, reason, lift }) =>
    `${after('', channels?.text ?? null, ': ')}${reason}; ${lift}`,
  'fact.sent': ({ channel, at }) => `last sent${byChannel(channel)} at ${at}`,
  'fact.failed': ({ channel, at, error }) =>
    `the last message${byChannel(channel)} failed at ${at}${after(': ', error)}`,
  'fact.unknown': ({ channel, at }) =>
    `the last message${byChannel(channel)} at ${at} may have arrived: the provider gave no definite answer`,
  'fact.task_ended': ({ state, outcome, at }) =>
    `its last task, of ${at}, is ${state}${after(': ', outcome)}`,
  'fact.step': ({ journey, step, state, until, again }) =>
    `${journey} ${state} at the step ${step}${after(' until ', until)}${after(', and decided again by ', again)}`,
  'fact.control': ({ journeys }) => `the customer is in the control group of ${journeys.text}`,
  'fact.resolved': ({ requested, customer }) => `${requested} was merged into ${customer}`,
  'fact.zone': ({ zone }) => `times are in ${zone}`,
};

export const following: Catalogue<FollowMessages> = {
  'follow.merged': ({ into }) => `this customer was merged into ${into}, and is followed there`,
  'follow.erased': ({ customer }) => `${customer} was erased: there is no timeline any more`,
  'follow.lost': ({ cause }) => `no answer (${cause}); trying again`,
  'follow.back': () => 'answers again',
};

export const states: Catalogue<StateMessages> = {
  'enrollment.running': () => 'is being decided',
  'enrollment.waiting': () => 'waits',
  'enrollment.held': () => 'is held',
  'enrollment.delivering': () => 'sends a message',
  'enrollment.tasked': () => 'has a task with a person',
  'enrollment.poison': () => 'is parked',
  'enrollment.control': () => 'is observed as a control',
  'task_state.planned': () => 'about to be opened',
  'task_state.open': () => 'open',
  'task_state.acknowledged': () => 'taken by an agent',
  'task_state.resolved': () => 'resolved',
  'task_state.expired': () => 'expired',
  'task_state.withdrawn': () => 'withdrawn',
  'coupon.issued': ({ percent, until }) =>
    `coupon${after(' of ', percent, ' %')} issued${after(', valid until ', until)}`,
  'coupon.redeemed': ({ order, at }) => `coupon redeemed${after(' for order ', order)}${after(' at ', at)}`,
  'coupon.expired': ({ until }) => `coupon expired${after(' at ', until)}`,
  'coupon.revoked': () => 'coupon revoked',
};
