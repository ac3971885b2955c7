import type { Entry, Exit, Step, Trigger, WaitUntil } from '../../domain/definition.ts';
import { DAY, HOUR, MINUTE, type Millis, SECOND } from '../../domain/time/time.ts';
import { WEEKDAYS } from '../source/step-schema.ts';

/** Definitions in a few words: for the console's graph of a journey, and for the explanation of an edit. */

const UNITS: [Millis, string][] = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'm'],
  [SECOND, 's'],
];

/** In the largest unit that divides it, as in a bundle: `2d`, `-90m`. */
export function formatDuration(millis: Millis): string {
  const length = Math.abs(millis);
  const [unit, name] = UNITS.find(([unit]) => length >= unit && length % unit === 0) ?? [SECOND, 's'];
  return `${millis < 0 ? '-' : ''}${length / unit}${name}`;
}

/** Minutes since midnight as `09:00`. */
export function formatTimeOfDay(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Hundredths of a percent as `10%`. */
export function formatShare(hundredths: number): string {
  return `${hundredths / 100}%`;
}

export function describeEntry(entry: Entry): string {
  switch (entry.kind) {
    case 'event':
      return describeTrigger(entry.trigger);
    case 'segment':
      return `${entry.on === 'enter' ? 'comes into' : 'leaves'} segment ${entry.segment}`;
    case 'schedule':
      return `at ${entry.cron}${entry.where === null ? '' : ` in segment ${entry.where}`}`;
    case 'date':
      return `${describeDate(entry)} at ${formatTimeOfDay(entry.at)}${entry.repeat === 'year' ? ' every year' : ''}`;
    case 'api':
      return 'by API';
    default: {
      const never: never = entry;
      return never;
    }
  }
}

export function describeTrigger({ on, when, match }: Trigger): string {
  const whose = match === 'account' ? ' of the account' : '';
  return `${on}${whose}${when === null ? '' : ` if ${when}`}`;
}

export function describeExit(exit: Exit): string {
  if (exit.kind === 'event') return describeTrigger(exit.trigger);
  return exit.kind === 'when' ? exit.when : `after ${formatDuration(exit.after)}`;
}

export function describeUntil(until: WaitUntil): string {
  switch (until.kind) {
    case 'event':
      return describeTrigger(until.trigger);
    case 'when':
      return until.for === 0 ? until.when : `${until.when} for ${formatDuration(until.for)}`;
    case 'after':
      return `after ${formatDuration(until.after)}`;
    case 'at':
      return `at ${formatTimeOfDay(until.at)}${until.days === null ? '' : ` on ${until.days.map((day) => WEEKDAYS[day]).join(', ')}`}`;
    case 'date':
      return describeDate(until);
    default: {
      const never: never = until;
      return never;
    }
  }
}

function describeDate({ date, offset }: { date: string; offset: Millis }): string {
  if (offset === 0) return date;
  return `${formatDuration(Math.abs(offset))} ${offset < 0 ? 'before' : 'after'} ${date}`;
}

/** What a step does, without where it leads. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'decide':
      return `${step.actions.join(', ')}${step.autonomy === null ? '' : ` (${step.autonomy})`}`;
    case 'wait':
      return step.until.map(describeUntil).join(' or ');
    case 'branch':
      return step.arms.some((arm) => arm.kind === 'share') ? 'by share' : 'by condition';
    case 'set':
      return [
        ...Object.keys(step.traits).map((name) => `traits.${name}`),
        ...Object.keys(step.vars).map((name) => `vars.${name}`),
      ]
        .sort()
        .join(', ');
    case 'emit':
      return step.event;
    case 'goto':
      return step.next;
    case 'exit':
      return step.reason;
    default: {
      const never: never = step;
      return never;
    }
  }
}
