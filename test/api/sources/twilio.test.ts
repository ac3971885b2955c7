import { afterAll, beforeAll, expect, test } from 'vitest';
import { computeAddressKey } from '../../../src/app/identity/address-key.ts';
import { inbound } from '../../sources/payloads/twilio/requests.ts';
import twilio from '../../sources/webhooks/vectors/twilio.ts';
import { type TestApi, WORKSPACE } from '../support/harness.ts';
import { deliver, logOf, startApiWithSources } from './support.ts';

const SOURCE = 'texts';
const PHONE = '+491701234567';

let api: TestApi;
beforeAll(async () => {
  api = await startApiWithSources(`- { id: ${SOURCE}, kind: twilio }\n`);
  api.sources.set(SOURCE, { workspace: WORKSPACE, secrets: [twilio.secrets[0]] });
});
afterAll(() => api.stop());

/** A customer's text, as Twilio posts it to the public URL of the API. */
function write(text: string, sid: string) {
  const body = Buffer.from(new URLSearchParams(inbound(text, { MessageSid: sid })).toString());
  const url = `${api.deps.config.publicUrl}/v1/sources/${SOURCE}`;
  return deliver(api, SOURCE, twilio.sign(body, twilio.secrets[0], Date.now(), url));
}

test('STOP and START change the consent at once, twice the same changes nothing, and Twilio gets no reply to pass on', async () => {
  const answer = await write('STOP', 'SM1')
    .expect(200)
    .expect('content-type', /^text\/xml/);
  expect(answer.text).toBe('<?xml version="1.0" encoding="UTF-8"?><Response></Response>');
  await write('STOP', 'SM1').expect(200);
  await write('start', 'SM2').expect(200);
  await write('Do you deliver on Sundays?', 'SM3').expect(200);
  const consents = await api.db
    .sql`select channel, purpose, status from consents where source = ${SOURCE} order by seq`;
  expect(consents).toEqual([
    { channel: 'sms', purpose: 'all', status: 'withdrawn' },
    { channel: 'sms', purpose: 'all', status: 'granted' },
  ]);
  expect((await logOf(api, SOURCE)).map(({ name }) => name)).toEqual([
    'Consent Changed',
    'Consent Changed',
    'Message Received',
  ]);
});

test('START takes a number off the suppression list that is there for STOP, and for nothing else', async () => {
  const { secret } = api.deps.config;
  const suppress = (channel: string, reason: string) => {
    const addressKey = computeAddressKey(secret, { workspace: WORKSPACE, channel, address: PHONE });
    return api.db.sql`
      insert into suppressed_addresses (workspace, channel, address_key, reason)
      values (${WORKSPACE}, ${channel}, ${addressKey}, ${reason})`;
  };
  await suppress('sms', 'unsubscribed');
  await suppress('whatsapp', '30006');
  await write('Yes', 'SM4').expect(200);
  expect(await api.db.sql`select channel, reason from suppressed_addresses`).toEqual([
    { channel: 'whatsapp', reason: '30006' },
  ]);
});
