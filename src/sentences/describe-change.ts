import { describeReason } from './describe-reason.ts';
import { type Message, message } from './message.ts';
import { partsParam, timeParam } from './param.ts';
import { readInstant, readNumber, readText } from './read-value.ts';

/** What a decision changed, as the API lists it under `changes`. */
export interface Change {
  kind: string;
  [member: string]: unknown;
}

/** A kind of change that sentences know. */
export const CHANGE_KINDS = [
  'entered',
  'not_entered',
  'moved',
  'goal',
  'exposed',
  'adopted',
  'stage',
  'segment',
  'date',
  'ended',
  'poisoned',
  'recovered',
  'condition_failed',
  'not_recorded',
] as const;
type ChangeKind = (typeof CHANGE_KINDS)[number];

const UNKNOWN = '?';

/** What a decision changed, in one sentence. */
export function describeChange(change: Change): Message {
  const text = (name: string) => readText(change[name]) ?? UNKNOWN;
  const optional = (name: string) => readText(change[name]);
  const journey = text('journey');
  const kind = change.kind as ChangeKind;
  switch (kind) {
    case 'entered':
      return message('change.entered', { journey, key: optional('key'), control: change.arm === 'control' });
    case 'not_entered':
      return message('change.not_entered', { journey, reason: partsParam(describeReason(text('reason'))) });
    case 'moved':
      return message('change.moved', { journey, from: optional('from'), to: text('to') });
    case 'goal':
      return message('change.goal', { journey });
    case 'exposed':
      return message('change.exposed', { journey, step: text('step'), arm: text('arm') });
    case 'adopted':
      return message('change.adopted', { journey, from: text('from') });
    case 'stage':
      return message('change.stage', { from: optional('from'), to: optional('to') });
    case 'segment':
      return message('change.segment', { segment: text('segment'), inside: change.inside === true });
    case 'date':
      return message('change.date', {
        journey,
        on: { day: text('on') },
        state: text('state'),
        reason: optional('reason'),
      });
    case 'ended':
      return message('change.ended', { journey, reason: partsParam(describeReason(text('reason'))) });
    case 'poisoned': {
      const what =
        optional('enrollment') !== null ? 'enrollment' : optional('event') !== null ? 'event' : 'customer';
      return message('change.poisoned', { what, reason: text('reason') });
    }
    case 'recovered': {
      const since = timeParam(readInstant(change.since));
      return message('change.recovered', { since, reason: text('reason') });
    }
    case 'condition_failed':
      return message('change.condition_failed', { expression: text('expression'), reason: text('reason') });
    case 'not_recorded':
      return message('change.not_recorded', { size: readNumber(change.size) ?? 0 });
    default:
      kind satisfies never;
      return message('change.other', { kind: String(kind) });
  }
}
