import { z } from 'zod';
import type { Channel, SendResult } from './channel.ts';
import { type ChannelDeps, channelKind } from './channel-kind.ts';
import { createProvider, type Reply, readRetryAfter } from './provider.ts';
import { webUrl } from './url-settings.ts';

const settings = z.object({ url: webUrl });

/** `{"url": "https://hooks.slack.com/services/…"}`: alerts for people, by Slack's incoming webhooks and those like them. */
export const slackKind = channelKind({
  settings,
  carries: 'text',
  receipts: [],
  setup: {
    entry: { url: '<webhook URL>' },
    steps: [
      'In Slack, create an app, switch Incoming Webhooks on, and add a webhook for a channel of your team.',
      'Copy its URL. Anybody who has it can post there: keep it secret.',
    ],
  },
  create: createSlackChannel,
});

function createSlackChannel(
  id: string,
  { url }: z.output<typeof settings>,
  { outbound }: ChannelDeps,
): Channel {
  const provider = createProvider(outbound, url);
  const headers = { 'content-type': 'application/json', 'user-agent': 'throughline' };
  return {
    id,
    // Slack takes about one message a second for each webhook.
    rate: 1,
    concurrency: 5,
    reachability: provider.reachability,
    send({ text }) {
      const body = JSON.stringify({ text: escapeMarkup(text) });
      return provider.call({ method: 'POST', url, headers, body }, classifyReply);
    },
    close: async () => {},
  };
}

/** What a customer wrote must not become a mention or a link: `<!channel>`. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Classifies a reply. Slack recognises no repeats, so an attempt without a definite answer is never repeated. */
function classifyReply(reply: Reply): SendResult {
  const { status, body } = reply;
  const reason = body.trim().slice(0, 200);
  if (status === 200 && reason === 'ok') return { state: 'sent', providerId: '' };
  const error = `Slack answered ${status}${reason === '' ? '' : `: ${reason}`}`;
  if (status === 429) return { state: 'retry', error, ...readRetryAfter(reply) };
  if (status >= 300 && status < 500) return { state: 'failed', error, suppress: false };
  return { state: 'unknown', error };
}
