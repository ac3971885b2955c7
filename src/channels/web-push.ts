import { createECDH } from 'node:crypto';
import { z } from 'zod';
import { isHostListed } from '../outbound/allow-list.ts';
import type { Channel, OutgoingMessage, SendResult } from './channel.ts';
import { type ChannelDeps, channelKind } from './channel-kind.ts';
import { type Reply, readRetryAfter, withoutReply } from './provider.ts';
import { readPushMessage, sendToDevices } from './push-message.ts';

/** The push services of the browsers' vendors. */
const SERVICES = [
  'fcm.googleapis.com',
  '*.push.services.mozilla.com',
  '*.notify.windows.com',
  '*.push.apple.com',
];

const key = (bytes: number) =>
  z
    .string()
    .refine((text) => Buffer.from(text, 'base64url').length === bytes, `must be ${bytes} bytes in base64url`);

const settings = z.object({
  publicKey: key(65),
  privateKey: key(32),
  /** Whom a push service may ask about messages. */
  subject: z.string().regex(/^(mailto:.+@.+|https:\/\/.+)/, 'must be mailto:… or https://…'),
  /** For how long a service keeps a message for a device that is away, in seconds. */
  ttl: z.int().min(0).max(2_419_200).default(86_400),
  /** Hosts of push services. Browsers state the URLs, so only these are called. */
  services: z.array(z.string().min(1)).min(1).default(SERVICES),
});

type Settings = z.output<typeof settings>;

/** Push messages to browsers (RFC 8030), encrypted for each (RFC 8291), signed with VAPID keys (RFC 8292). */
export const webPushKind = channelKind({
  settings,
  check: ({ publicKey, privateKey }) =>
    computePublicKey(privateKey) === publicKey ? null : 'publicKey is not that of privateKey',
  carries: 'text',
  receipts: [],
  setup: {
    entry: { publicKey: '<public key>', privateKey: '<private key>', subject: 'mailto:<your address>' },
    steps: [
      'Create a pair of keys with "npx web-push generate-vapid-keys", once for all browsers.',
      'Give the public key to your web app, which subscribes with it and sends the subscription as a trait.',
    ],
  },
  create: createWebPushChannel,
});

function computePublicKey(privateKey: string): string | null {
  try {
    const pair = createECDH('prime256v1');
    pair.setPrivateKey(Buffer.from(privateKey, 'base64url'));
    return pair.getPublicKey().toString('base64url');
  } catch {
    return null;
  }
}

function createWebPushChannel(id: string, options: Settings, { outbound }: ChannelDeps): Channel {
  return {
    id,
    concurrency: 20,
    send: (message) =>
      sendToDevices(message.to, async (device) => {
        const request = await buildRequest(device, message, options);
        if ('state' in request) return request;
        const result = await outbound.request(request);
        return result.kind === 'reply' ? classifyReply(result) : withoutReply(result);
      }),
    close: async () => {},
  };
}

/** The request to the push service of a subscription, or why there can be none. */
async function buildRequest(device: string, message: OutgoingMessage, options: Settings) {
  const subscription = readSubscription(device, options.services);
  if ('state' in subscription) return subscription;
  const { default: webPush } = await import('web-push');
  const { title, body, url } = readPushMessage(message);
  const payload = JSON.stringify({ title, body, url, deliveryId: message.deliveryId });
  try {
    const details = webPush.generateRequestDetails(subscription, payload, {
      vapidDetails: {
        subject: options.subject,
        publicKey: options.publicKey,
        privateKey: options.privateKey,
      },
      TTL: options.ttl,
    });
    const headers = Object.entries(details.headers).map(([name, value]) => [name, String(value)]);
    return {
      method: 'POST' as const,
      url: details.endpoint,
      headers: Object.fromEntries(headers) as Record<string, string>,
      body: details.body,
    };
  } catch (error) {
    return refuse(
      `the subscription is invalid: ${error instanceof Error ? error.message : String(error)}`,
      true,
    );
  }
}

/** Reads a subscription whose URL leads to a push service; otherwise why it is none. */
function readSubscription(device: string, services: readonly string[]) {
  try {
    const { endpoint, keys } = JSON.parse(device) as {
      endpoint: string;
      keys: { p256dh: string; auth: string };
    };
    const { hostname, protocol } = new URL(endpoint);
    // A service of the operator's own may be in their network, without TLS.
    if (!isHostListed(services, hostname) || (protocol !== 'https:' && isHostListed(SERVICES, hostname)))
      return refuse(`${hostname} is not a push service: the operator permits it in "services"`, false);
    return { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } };
  } catch {
    return refuse('the address is not a subscription of a browser', true);
  }
}

function refuse(error: string, suppress: boolean): SendResult {
  return { state: 'failed', error, suppress };
}

/** Classifies the reply of a push service, which recognises no repeats. */
function classifyReply(reply: Reply): SendResult {
  const { status, headers, body } = reply;
  if (status >= 200 && status < 300)
    return { state: 'sent', providerId: (headers.location ?? '').slice(0, 500) };
  const reason = body.trim().slice(0, 200);
  const error = `the push service answered ${status}${reason === '' ? '' : `: ${reason}`}`;
  if (status === 429) return { state: 'retry', error, ...readRetryAfter(reply) };
  if (status >= 300 && status < 500)
    return { state: 'failed', error, suppress: status === 404 || status === 410 };
  return { state: 'unknown', error };
}
