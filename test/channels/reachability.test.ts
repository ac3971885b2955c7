import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Channel, OutgoingMessage } from '../../src/channels/channel.ts';
import { createEmailChannel } from '../../src/channels/email.ts';
import { createWebhookChannel } from '../../src/channels/webhook.ts';
import { startMailbox } from '../../src/dev/mailbox/start.ts';
import { CHANNEL_DEPS } from '../support/channel-deps.ts';
import { TEXT_MESSAGE } from '../support/outgoing-message.ts';
import { startProxyOf, type TcpProxy, through } from '../support/tcp-proxy.ts';

const message: OutgoingMessage = { ...TEXT_MESSAGE, to: 'ada@example.com', subject: 'Hello', text: 'Hello' };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A channel whose provider is behind a proxy. */
async function startChannel(kind: 'email' | 'sms'): Promise<{ channel: Channel; proxy: TcpProxy }> {
  const mailbox = await startMailbox();
  stops.push(() => mailbox.stop());
  const url = kind === 'email' ? mailbox.smtpUrl : mailbox.channelUrl('sms');
  const proxy = await startProxyOf(url);
  stops.push(() => proxy.stop());
  const target = through(url, proxy);
  const channel =
    kind === 'email'
      ? createEmailChannel(target)
      : createWebhookChannel('sms', { url: target, secret: 'a secret for the tests only' }, CHANNEL_DEPS);
  return { channel, proxy };
}

describe.each(['email', 'sms'] as const)('%s', (kind) => {
  test('an attempt that finds no connection makes others wait, until one can be made', async () => {
    const { channel, proxy } = await startChannel(kind);
    await proxy.set('refused');
    expect(await channel.send(message)).toMatchObject({ state: 'retry', unreachable: true });
    expect(channel.reachability?.isAway).toBe(true);
    expect(await channel.reachability?.wait(300)).toBe(false);
    const waiting = Promise.all(Array.from({ length: 5 }, () => channel.reachability?.wait(8_000)));
    await sleep(300);
    await proxy.set('up');
    const back = performance.now();
    expect(await waiting).toEqual([true, true, true, true, true]);
    expect(performance.now() - back).toBeLessThan(3_000);
    expect(channel.reachability?.isAway).toBe(false);
    expect(await channel.send(message)).toMatchObject({ state: 'sent' });
    expect(await channel.reachability?.wait(1)).toBe(true);
  });
});

test('a mail server that accepts connections and says nothing is away', async () => {
  const { channel, proxy } = await startChannel('email');
  await proxy.set('black-holed');
  expect(await channel.send(message)).toMatchObject({ state: 'retry', unreachable: true });
  const waiting = channel.reachability?.wait(15_000);
  await proxy.set('up');
  expect(await waiting).toBe(true);
}, 30_000);

test('a refusal in reply is no outage', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.end('421 4.3.2 too busy\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(() => resolve())));
  const channel = createEmailChannel(`smtp://127.0.0.1:${(server.address() as net.AddressInfo).port}`);
  expect(await channel.send(message)).toMatchObject({
    state: 'retry',
    error: expect.stringContaining('421'),
  });
  expect(channel.reachability?.isAway).toBe(false);
});
