import { expect, test } from 'vitest';
import type { OutgoingMessage } from '../../src/channels/channel.ts';
import { createChannel } from '../../src/channels/channels-setting.ts';
import { readItem } from '../../src/channels/inbox.ts';
import type { InboxWriter } from '../../src/channels/inbox-writer.ts';
import { readConfig } from '../../src/config.ts';
import { CHANNEL_DEPS } from '../support/channel-deps.ts';
import { TEXT_MESSAGE } from '../support/outgoing-message.ts';

const message: OutgoingMessage = {
  ...TEXT_MESSAGE,
  deliveryId: 'dlv_1',
  channel: 'inbox',
  to: 'cus_1',
  text: 'Clean your grinder\n\nTen minutes a month.\nhttps://aroma.example/grinder\n',
};

function open(inbox: InboxWriter) {
  const { channels } = readConfig({
    DATABASE_URL: 'postgres://x',
    THROUGHLINE_SECRET: 'a secret for the tests only',
    CHANNELS: '{"inbox": {"kind": "inbox", "keepDays": 7}}',
  });
  const entry = channels.inbox as NonNullable<typeof channels.inbox>;
  return createChannel('inbox', entry, { ...CHANNEL_DEPS, inbox });
}

test('a message becomes an item: title, body and where it leads', async () => {
  const added: unknown[] = [];
  const channel = open({ add: async (item) => added.push(item) > 0 });
  expect(await channel.send(message)).toEqual({ state: 'sent', providerId: 'dlv_1' });
  expect(added).toEqual([
    {
      deliveryId: 'dlv_1',
      workspace: 'aroma',
      keepMs: 7 * 86_400_000,
      title: 'Clean your grinder',
      body: 'Ten minutes a month.',
      url: 'https://aroma.example/grinder',
    },
  ]);
});

test('a database that is away means another attempt, and an erased customer the end', async () => {
  const away = open({ add: () => Promise.reject(new Error('connection lost')) });
  expect(await away.send(message)).toEqual({ state: 'retry', error: 'connection lost' });
  const gone = open({ add: async () => false });
  expect(await gone.send(message)).toMatchObject({ state: 'failed', suppress: false });
});

test.each([
  ['one line', { title: 'one line', body: '', url: null }],
  ['https://a.example', { title: 'https://a.example', body: '', url: null }],
  ['Title\r\nhttps://a.example', { title: 'Title', body: '', url: 'https://a.example' }],
  ['Title\nSee https://a.example', { title: 'Title', body: 'See https://a.example', url: null }],
  ['Title\nmyapp://orders/7', { title: 'Title', body: '', url: 'myapp://orders/7' }],
  ['Title\nTomorrow:10', { title: 'Title', body: 'Tomorrow:10', url: null }],
  ['Title\njavascript://%0aalert(1)', { title: 'Title', body: 'javascript://%0aalert(1)', url: null }],
])('reads %j', (text, item) => {
  expect(readItem({ subject: null, text })).toEqual(item);
});
