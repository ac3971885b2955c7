import { afterEach, expect, test } from 'vitest';
import { createChannel } from '../../src/channels/channels-setting.ts';
import { CHANNEL_DEPS } from '../support/channel-deps.ts';
import { TEXT_MESSAGE } from '../support/outgoing-message.ts';
import { type Peer, startPeer } from '../support/peers/peer.ts';

let peer: Peer | undefined;
afterEach(() => peer?.stop());

/** Posts to a server that answers as Slack's incoming webhooks do. */
async function send(status: number, answer: string, text = 'A customer needs help.') {
  peer = await startPeer((_request, response) => {
    response.writeHead(status, {
      'content-type': 'text/plain',
      ...(status === 429 ? { 'retry-after': '30' } : {}),
    });
    response.end(answer);
  });
  const channel = createChannel('team', { kind: 'slack', url: `${peer.url}/services/T0/B0/x` }, CHANNEL_DEPS);
  return channel.send({ ...TEXT_MESSAGE, channel: 'team', class: 'service', to: 'cus_1', text });
}

test('what a customer wrote is posted as plain text, without mentions', async () => {
  expect(await send(200, 'ok', 'Ada: <!channel> & <https://evil.example|click>')).toEqual({
    state: 'sent',
    providerId: '',
  });
  expect(JSON.parse(peer?.requests[0]?.body.toString() ?? '')).toEqual({
    text: 'Ada: &lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;',
  });
});

test.each<[status: number, answer: string, expected: object]>([
  [200, 'invalid_payload', { state: 'unknown' }],
  [200, '<html>', { state: 'unknown' }],
  [
    400,
    'invalid_payload',
    { state: 'failed', suppress: false, error: 'Slack answered 400: invalid_payload' },
  ],
  [403, 'invalid_token', { state: 'failed' }],
  [404, 'no_service', { state: 'failed' }],
  [410, 'channel_is_archived', { state: 'failed', suppress: false }],
  [429, 'rate_limited', { state: 'retry', after: 30_000 }],
  [500, 'rollup_error', { state: 'unknown' }],
])('%i %s ends as %j', async (status, answer, expected) => {
  expect(await send(status, answer)).toMatchObject(expected);
});
