import { expect, test } from 'vitest';
import type { Channel, OutgoingMessage } from '../../src/channels/channel.ts';
import { restrictChannel } from '../../src/channels/restrict.ts';
import { readConfig } from '../../src/config.ts';
import { adviseSending } from '../../src/definitions/advise/sending.ts';
import { compileBundle } from '../../src/definitions/compile/bundle.ts';
import { refuseSender } from '../../src/domain/sending-permissions.ts';
import { readBundleDir } from '../support/bundles.ts';
import { TEXT_MESSAGE } from '../support/outgoing-message.ts';
import { AROMA } from '../support/paths.ts';

const env = { DATABASE_URL: 'postgres://x', THROUGHLINE_SECRET: 'a secret for the tests only' };

async function exampleBundle() {
  const compiled = compileBundle(await readBundleDir(AROMA), null, 0);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  return compiled.bundle;
}

const PERMITTED = {
  CHANNELS:
    '{"sms": {"url": "https://sms.example/send", "secret": "sixteen characters", "workspaces": ["aroma"]}}',
  SENDERS: '{"aroma": ["hello@aroma.example", "@news.aroma.example"], "tealeaf": []}',
};

test.each([
  ['aroma', 'Hello@Aroma.example', 'sms', null],
  ['aroma', 'anything@news.aroma.example', 'sms', null],
  ['aroma', 'hello@other.example', 'sms', 'workspace aroma may not send as hello@other.example'],
  ['aroma', 'hello@fake-news.aroma.example', 'email', 'workspace aroma may not send as'],
  ['aroma', 'x@news.aroma.example@evil.example', 'email', 'workspace aroma may not send as'],
  ['tealeaf', 'hello@aroma.example', 'email', 'workspace tealeaf may not send as hello@aroma.example'],
  ['tealeaf', 'hello@aroma.example', 'sms', 'workspace tealeaf may not use channel sms'],
  ['constructor', 'hello@aroma.example', 'email', 'workspace constructor may not send as'],
])('security 13: workspace %s with sender %s on channel %s: %s', async (workspace, email, id, refusal) => {
  const sent: OutgoingMessage[] = [];
  const channel: Channel = {
    id,
    concurrency: 1,
    send: async (outgoing) => {
      sent.push(outgoing);
      return { state: 'sent', providerId: '' };
    },
    close: async () => {},
  };
  const restricted = restrictChannel(channel, readConfig({ ...env, ...PERMITTED }).permissions);
  const result = await restricted.send({
    ...TEXT_MESSAGE,
    workspace,
    channel: id,
    from: { name: 'Aroma', email },
  });
  expect(result).toEqual(
    refusal === null
      ? { state: 'sent', providerId: '' }
      : { state: 'failed', error: expect.stringContaining(refusal), suppress: false },
  );
  expect(sent).toHaveLength(refusal === null ? 1 : 0);
});

test('security 13: without SENDERS and workspaces every workspace may send as its bundle says', async () => {
  const { permissions } = readConfig(env);
  expect(permissions).toEqual({ senders: null, channels: {} });
  expect(adviseSending(await exampleBundle(), permissions)).toEqual([]);
});

test('security 13: apply warns of a sender and a channel that the operator does not permit', async () => {
  const bundle = await exampleBundle();
  const { permissions } = readConfig({ ...env, ...PERMITTED, SENDERS: '{}' });
  const foreign = { ...bundle, workspace: { ...bundle.workspace, id: 'tealeaf' } };
  expect(adviseSending(foreign, permissions)).toEqual([
    {
      file: 'workspace.yaml',
      path: 'sender.email',
      message: expect.stringContaining('workspace tealeaf may not send as'),
    },
    {
      file: 'workspace.yaml',
      path: 'channels.sms',
      message: expect.stringContaining('workspace tealeaf may not use channel sms'),
    },
  ]);
});

test.each([
  ['@müller.de', 'a@xn--mller-kva.de'],
  ['Hello@Müller.de', 'hello@xn--mller-kva.de'],
  [' @xn--mller-kva.de ', 'a@xn--mller-kva.de'],
])('security 13: SENDERS permits %s in the form in which bundles name it', (entry, address) => {
  const { permissions } = readConfig({ ...env, SENDERS: JSON.stringify({ aroma: [entry] }) });
  expect(refuseSender(permissions, 'aroma', address)).toBe(null);
  expect(refuseSender(permissions, 'aroma', 'a@muller.de')).toContain('may not send as');
});

test.each([
  'no json',
  '[]',
  '{"aroma": "hello@aroma.example"}',
  '{"aroma": ["hello"]}',
  '{"aroma": ["*@aroma.example"]}',
  '{"aroma": ["@"]}',
])('readConfig rejects SENDERS=%s', (text) => {
  expect(() => readConfig({ ...env, SENDERS: text })).toThrow('SENDERS');
});
