import type { Catalogue } from '../message.ts';
import type { ChangeMessages, ReasonMessages } from '../messages.ts';
import { after } from './words.ts';

const DATES: Record<string, (on: string) => string> = {
  armed: (on) => `is due on ${on}`,
  moved: (on) => `is now due on ${on}`,
  skipped: (on) => `skipped its date ${on}`,
  invalid: (on) => `has a date that is none: ${on}`,
};

export const changes: Catalogue<ChangeMessages> = {
  'change.entered': ({ journey, key, control }) =>
    `entered ${journey}${after(' for ', key)}${control ? ' as a control' : ''}`,
  'change.not_entered': ({ journey, reason }) => `${journey} not entered: ${reason}`,
  'change.moved': ({ journey, from, to }) => `${journey} moved${after(' from ', from)} to ${to}`,
  'change.goal': ({ journey }) => `${journey} reached its goal`,
  'change.exposed': ({ journey, step, arm }) => `${journey} took the arm ${arm} of ${step}`,
  'change.adopted': ({ journey, from }) => `${journey} came from ${from}`,
  'change.stage': ({ from, to }) => `stage ${from ?? 'none'} → ${to ?? 'none'}`,
  'change.segment': ({ segment, inside }) => `${inside ? 'entered' : 'left'} the segment ${segment}`,
  'change.date': ({ journey, on, state, reason }) =>
    `${journey} ${DATES[state]?.(on) ?? `has the date ${on}, which is ${state}`}${after(': ', reason)}`,
  'change.ended': ({ journey, reason }) => `${journey} ended: ${reason}`,
  'change.poisoned': ({ what, reason }) => `${what} parked: ${reason}`,
  'change.recovered': ({ since, reason }) =>
    `decided again${after(' after being parked since ', since)}: ${reason}`,
  'change.condition_failed': ({ expression, reason }) => `the condition ${expression} failed: ${reason}`,
  'change.not_recorded': ({ size }) => `what was read is not recorded: ${size} characters`,
  'change.other': ({ kind }) => `changed: ${kind}`,
};

export const reasons: Catalogue<ReasonMessages> = {
  'reason.already_open': () => 'the customer is in it already',
  'reason.limit': () => 'it is open as often as it may be',
  'reason.entered_before': () => 'the customer was in it before',
  'reason.entered_recently': () => 'the customer was in it a short time ago',
  'reason.overtaken': () => 'what ends it has happened already',
  'reason.no_room': () => 'the customer is in too many journeys',
  'reason.goal': () => 'its goal was reached',
  'reason.restarted': () => 'it begins again',
  'reason.completed': () => 'its last step is done',
  'reason.merged': () => 'the same enrollment came with a merge',
  'reason.requested': () => 'on request',
  'reason.journey_removed': () => 'the journey was removed',
  'reason.exit_time': () => 'its time is over',
  'reason.exit': ({ by }) => `exit by ${by}`,
  'reason.decided_afresh': () => 'decided again',
  'reason.ticket_open': () => 'a ticket is open',
  'reason.customer_gone': () => 'the customer is gone',
  'reason.enrollment_ended': ({ reason }) => `the journey ended: ${reason}`,
  'reason.text': ({ text }) => text,
};
