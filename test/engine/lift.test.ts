import { expect, test } from 'vitest';
import type { GateVerdict } from '../../src/domain/candidate.ts';
import { HOUR } from '../../src/domain/time/time.ts';
import { computeLift } from '../../src/engine/lift.ts';
import { NOW } from './support.ts';

const PASS: GateVerdict = { gate: 'consent', pass: true };
const spaced: GateVerdict = { gate: 'spacing', pass: false, code: 'too_soon', liftsAt: NOW + HOUR };
const night: GateVerdict = { gate: 'quiet_hours', pass: false, code: 'quiet_hours', liftsAt: NOW + 9 * HOUR };
const ticket: GateVerdict = {
  gate: 'suppression',
  pass: false,
  code: 'ticket_open',
  liftsAt: null,
  liftsOn: 'Ticket Closed',
};
const soldOut: GateVerdict = { gate: 'budget', pass: false, code: 'sold_out', liftsAt: null };

test('a candidate lifts at the latest time of its reasons, and passes among its verdicts are left out', () => {
  expect(computeLift([PASS, spaced, night])).toEqual({
    at: NOW + 9 * HOUR,
    events: [],
    possible: true,
    endsQuietHours: true,
  });
  expect(computeLift([{ ...spaced, liftsAt: NOW + 10 * HOUR }, night])).toMatchObject({
    at: NOW + 10 * HOUR,
    endsQuietHours: false,
  });
});

test('a reason without a time leaves the time open and names its event, once', () => {
  const lift = computeLift([spaced, ticket, ticket]);
  expect(lift).toEqual({ at: null, events: ['Ticket Closed'], possible: true, endsQuietHours: false });
});

test('a snooze lifts by time or by its event, whichever comes first', () => {
  const snooze: GateVerdict = {
    gate: 'snooze',
    pass: false,
    liftsAt: NOW + HOUR,
    liftsOn: 'Customer Snoozed',
  };
  expect(computeLift([snooze])).toMatchObject({ at: NOW + HOUR, events: ['Customer Snoozed'] });
});

test('one reason that never lifts makes the lift impossible; without reasons it is possible and has no time', () => {
  expect(computeLift([spaced, soldOut])).toMatchObject({ at: null, possible: false });
  expect(computeLift([PASS])).toEqual({ at: null, events: [], possible: true, endsQuietHours: false });
});
