import { expect, test } from 'vitest';
import type { DeliveryView } from '../../../db/deliveries/read-deliveries.ts';
import { delivery } from '../../../src/api/deliveries/schema.ts';
import { toDeliveryView } from '../../../src/api/deliveries/view.ts';
import { NOW } from '../../engine/support.ts';

const ROW: DeliveryView = {
  id: 'dlv_1',
  customerId: 'cus_1',
  decisionId: 'dec_1',
  enrollmentId: 'enr_1',
  action: 'tip',
  class: 'marketing',
  purpose: 'marketing',
  topic: null,
  channel: 'email',
  key: null,
  state: 'held',
  at: NOW,
  notAfter: NOW,
  attempts: 1,
  locale: null,
  requestedLocale: null,
  variant: null,
  providerId: null,
  repeats: null,
  repeatedBy: null,
  error: null,
  verdict: {
    code: 'too_soon',
    liftsAt: NOW,
    refusals: [
      { gate: 'spacing', rule: 'spacing', pass: false, code: 'too_soon', observed: NOW, liftsAt: NOW },
      { gate: 'expiry', pass: false, code: 'too_late', needed: NOW },
    ],
  },
  receipts: null,
  createdAt: NOW,
  updatedAt: NOW,
  created: '',
};

test('a held delivery names its verdicts as decisions do, with times as text', () => {
  const view = toDeliveryView(ROW);
  const at = new Date(NOW).toISOString();
  expect(delivery.parse(view).refusal).toEqual({
    code: 'too_soon',
    liftsAt: at,
    refusals: [
      expect.objectContaining({ gate: 'spacing', observed: at, liftsAt: at, liftsOn: null }),
      expect.objectContaining({ gate: 'expiry', needed: at, liftsAt: null }),
    ],
  });
});

test('a delivery that was not held has no refusal', () => {
  expect(delivery.parse(toDeliveryView({ ...ROW, verdict: null })).refusal).toBeNull();
});

test.each([
  [null, null, null],
  ['de', 'de', 'none'],
  ['pt', 'pt-BR', 'language'],
  ['en', 'fr', 'workspace'],
  ['en', null, 'workspace'],
])('C-5: content in %s for a customer who reads %s: fallback %s', (locale, requestedLocale, fallback) => {
  expect(toDeliveryView({ ...ROW, locale, requestedLocale }).localeFallback).toBe(fallback);
});

test('what was reported has its times; an open shows that the message arrived', () => {
  const receipts = { opened: NOW + 2, openedAutomatically: NOW + 1, bounced: NOW };
  expect(delivery.parse(toDeliveryView({ ...ROW, receipts })).receipts).toEqual({
    stage: 'opened',
    deliveredAt: new Date(NOW + 1).toISOString(),
    openedAt: new Date(NOW + 2).toISOString(),
    openedAutomaticallyAt: new Date(NOW + 1).toISOString(),
    clickedAt: null,
    clickedAutomaticallyAt: null,
    bouncedAt: new Date(NOW).toISOString(),
    bouncedPermanentlyAt: null,
    complainedAt: null,
    unsubscribedAt: null,
  });
  expect(toDeliveryView(ROW).receipts).toBeNull();
});
