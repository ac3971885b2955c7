import { expect, test } from 'vitest';
import { listChannels, normaliseAddress } from '../../../src/domain/customer/address.ts';
import { noteAddresses } from '../../../src/domain/customer/note-addresses.ts';
import type { ChannelDef } from '../../../src/domain/definition.ts';
import { PLAIN_WORKSPACE } from '../../support/bundle-builders.ts';
import { readEventRules } from '../../support/events-page.ts';

const SMS: ChannelDef = { via: 'webhook', address: 'phone' };
const WORKSPACE = { ...PLAIN_WORKSPACE, country: 'DE', channels: { sms: SMS } };
const EMAIL = listChannels(undefined).find(({ via }) => via === 'email') as ChannelDef;

test.each(readEventRules('Addresses'))('a row of docs/events.md, Addresses: $sent is $understood', (rule) => {
  const sent: unknown = JSON.parse(rule.sent.slice(1, -1));
  const isEmail = String(sent).includes('@');
  const address = /^`([^`]+)`/.exec(rule.understood)?.[1];
  expect(normaliseAddress(sent, isEmail ? EMAIL : SMS, 'DE')).toBe(address);
  const traits = { [isEmail ? 'email' : 'phone']: sent };
  const notes = noteAddresses({ type: 'identify', traits, context: {} }, WORKSPACE);
  const noted = { code: 'unreadable_address', field: `traits.${isEmail ? 'email' : 'phone'}`, value: null };
  expect(notes).toEqual(rule.shown.includes('note') ? [noted] : []);
});

test('an event without traits, and a blank address, get no note', () => {
  expect(noteAddresses({ type: 'track', traits: {}, context: {} }, WORKSPACE)).toEqual([]);
  expect(noteAddresses({ type: 'identify', traits: { email: ' ' }, context: {} }, WORKSPACE)).toEqual([]);
});

test('an object that JavaScript cannot convert to a text gets a note as any other that is no address', () => {
  const traits = { email: { toString: 0, valueOf: 0 }, phone: [] };
  expect(
    noteAddresses({ type: 'identify', traits, context: {} }, WORKSPACE).map(({ field }) => field),
  ).toEqual(['traits.email', 'traits.phone']);
});

test.each([
  ['phone', '+491701234567'],
  ['phone_number', '+491701234567'],
  ['phoneNumber', '+491701234567'],
  ['mobile_no', '+491701234567'],
  ['work_tel', '+491701234567'],
  ['cell', '+491701234567'],
  ['msisdn', '+491701234567'],
  ['whatsapp_number', '+491701234567'],
  ['whatsapp', '0170 1234567'],
  ['hotel', '0170 1234567'],
  ['mobile_push_token', '0170 1234567'],
  ['account_number', '0170 1234567'],
  ['emailAddress', undefined],
  ['work_email', undefined],
])('the trait %s of a channel is an address of the kind that its name says', (trait, address) => {
  expect(normaliseAddress('0170 1234567', { via: 'webhook', address: trait }, 'DE')).toBe(address);
});
