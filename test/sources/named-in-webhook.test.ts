import { expect, test } from 'vitest';
import { findNamedInWebhook } from '../../src/sources/named-in-webhook.ts';
import { settingsOf } from './webhooks/help-desk-support.ts';

test('a body with more fields than fit into one call of a function names whom it names', () => {
  const fields = Array.from({ length: 150_000 }, (_, n) => n.toString(36)).join('&');
  const body = Buffer.from(`${fields}&from=helen@example.com`);
  const request = { url: '', headers: {}, body, receivedAt: 0 };
  expect(findNamedInWebhook(settingsOf('twilio'), request)).toEqual([
    { type: 'email', value: 'helen@example.com' },
  ]);
});
