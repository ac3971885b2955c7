import type { Catalogue } from '../message.ts';
import type { ItemMessages } from '../messages.ts';
import { after, byChannel, count } from './words.ts';

export const items: Catalogue<ItemMessages> = {
  'decision.acted': ({ actions }) => `decided: ${actions?.text ?? 'act'}`,
  'decision.held': ({ reasons }) => `decided: hold${after('; ', reasons)}`,
  'decision.moved': () => 'decided: no action',
  'decision.nothing': () => 'decided: do nothing',
  'decision.offered': ({ actions }) => `decided on request: offer ${actions?.text ?? 'nothing'}`,
  'decision.fallback': ({ actions }) =>
    `decided on request: offer the fallback${after(' ', actions?.text ?? null)}`,
  'decision.silence': ({ actions, reason, lift }) => `${actions.text} silent: ${reason}; ${lift}`,
  'delivery.planned': ({ action, channel, at }) => `${action} is planned${byChannel(channel)} for ${at}`,
  'delivery.held': ({ action, channel }) => `${action}${byChannel(channel)} is held`,
  'delivery.sending': ({ action, channel }) => `${action} is being sent${byChannel(channel)}`,
  'delivery.sent': ({ action, channel }) => `${action} was sent${byChannel(channel)}`,
  'delivery.failed': ({ action, channel, error }) =>
    `${action} could not be sent${byChannel(channel)}${after(': ', error)}`,
  'delivery.unknown': ({ action, channel, error }) =>
    `${action} may have been sent${byChannel(channel)}: no definite answer${after(' (', error, ')')}`,
  'delivery.cancelled': ({ action, channel, reason }) =>
    `${action}${byChannel(channel)} was cancelled${after(': ', reason)}`,
  'task.planned': ({ action }) => `task ${action} is about to be opened`,
  'task.open': ({ action }) => `task ${action} is open`,
  'task.acknowledged': ({ action }) => `task ${action} was taken by an agent`,
  'task.resolved': ({ action }) => `task ${action} was resolved`,
  'task.expired': ({ action }) => `task ${action} was not resolved in time`,
  'task.withdrawn': ({ action }) => `task ${action} was withdrawn`,
  'item.other': ({ title }) => title,
  'item.with': ({ main, details }) => `${main}${after('; ', details)}`,
  'flag.repeated': () => 'repeated, so it counts for nothing',
  'flag.suppressed': () => 'messages that it silences wait until it is closed',
  'flag.member': ({ member }) => `by the member ${member} of the account`,
  'flag.withheld': ({ count: n }) => `${count(n, 'statement')} withheld: a browser key must not make them`,
  'note.about': ({ field, value, meaning }) => `note on ${field}${after(' = ', value)}: ${meaning}`,
};
