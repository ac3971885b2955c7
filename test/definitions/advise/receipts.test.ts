import { expect, test } from 'vitest';
import { adviseReceipts, type ChannelReceipts } from '../../../src/definitions/advise/receipts.ts';
import type { Bundle } from '../../../src/domain/definition.ts';
import { RECEIPT_KINDS } from '../../../src/domain/receipt.ts';
import {
  buildAction,
  buildBundle,
  buildJourney,
  decideStep,
  entryByEvent,
  exitOn,
  trigger,
  waitStep,
} from '../../support/bundle-builders.ts';

const SMTP: ChannelReceipts = { email: ['bounced'], sms: ['delivered', 'bounced'] };
const reward = (on: string) => ({ ...trigger(on), within: 1, amount: null });
const rewarded = (on: string, over: object = {}) =>
  buildAction('tip', { reward: reward(on), channels: ['email'], ...over });
const advise = (parts: Parameters<typeof buildBundle>[0], receipts = SMTP) =>
  adviseReceipts(buildBundle(parts) as Bundle, receipts).map(({ message }) => message);

test('a reward by a click that no channel reports: tracking or a provider would', () => {
  expect(advise({ actions: [rewarded('Delivery Clicked')] })).toEqual([
    "'tip' is rewarded by 'Delivery Clicked', and email can't report it: set tracking.clicks in workspace.yaml, use a provider that does, or name another event",
  ]);
  const tracking = { clicks: true, opens: false };
  expect(advise({ actions: [rewarded('Delivery Clicked')], workspace: { tracking } })).toEqual([]);
  expect(advise({ actions: [rewarded('Delivery Opened')], workspace: { tracking } })).toHaveLength(1);
  expect(advise({ actions: [rewarded('Delivery Clicked')] }, { email: RECEIPT_KINDS })).toEqual([]);
});

test('mails that are not tracked, and other channels, are not helped by tracking', () => {
  const tracking = { clicks: true, opens: true };
  const says = "'tip' is rewarded by 'Delivery Clicked', and";
  const rest = "can't report it: use a provider that does, or name another event";
  expect(
    advise({ actions: [rewarded('Delivery Clicked', { class: 'transactional' })], workspace: { tracking } }),
  ).toEqual([`${says} email ${rest}`]);
  expect(
    advise({ actions: [rewarded('Delivery Clicked', { channels: ['sms'] })], workspace: { tracking } }),
  ).toEqual([`${says} sms ${rest}`]);
});

test('nothing is said of other events, of channels that are not configured here, or if one of several reports', () => {
  expect(advise({ actions: [rewarded('Order Completed')] })).toEqual([]);
  expect(advise({ actions: [rewarded('Delivery Clicked')] }, {})).toEqual([]);
  expect(advise({ actions: [rewarded('Delivery Delivered', { channels: ['email', 'sms'] })] })).toEqual([]);
});

test('goals, exits and waits of a journey are asked of the actions that it offers', () => {
  const journey = buildJourney(
    'news',
    [entryByEvent('Signed Up')],
    [decideStep('tell', ['tip']), waitStep('rest', [{ kind: 'event', trigger: trigger('Delivery Opened') }])],
    {
      exit: [exitOn('Delivery Unsubscribed')],
    },
  );
  const tip = buildAction('tip', { channels: ['email'] });
  expect(advise({ journeys: [journey], actions: [tip] })).toEqual([
    expect.stringMatching(
      /^the journey 'news' waits for 'Delivery Unsubscribed', and email can't report it: use/,
    ),
    expect.stringMatching(
      /^the journey 'news' waits for 'Delivery Opened', and email can't report it: set tracking\.opens/,
    ),
  ]);
});

test('a guardrail by complaints needs one channel of marketing that reports them', () => {
  const guardrails = { harms: ['complaint' as const], tolerance: 1, within: 1 };
  const actions = [
    buildAction('tip', { class: 'marketing', channels: ['email'] }),
    buildAction('text', { class: 'marketing', channels: ['sms'] }),
  ];
  expect(advise({ actions, workspace: { guardrails } })).toEqual([
    "guardrails.harms has complaint, and email, sms can't report it: use a provider that does, or name another event",
  ]);
  expect(advise({ actions, workspace: { guardrails } }, { ...SMTP, email: ['complained'] })).toEqual([]);
});

test('nothing is said of a channel with the name of an inherited property, which is not configured either', () => {
  expect(advise({ actions: [rewarded('Delivery Clicked', { channels: ['constructor'] })] })).toEqual([]);
});
