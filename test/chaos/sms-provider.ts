import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Receipt } from './receipts.ts';

/** How the provider behaves in one request. */
export type SmsMode =
  | 'works'
  /** 429 with `Retry-After`. */
  | 'limits'
  | 'unavailable'
  /** 500: it may have accepted the message. */
  | 'fails'
  | 'refuses'
  /** Has the message, and never answers. */
  | 'silent'
  /** Closes the connection when the message has arrived. */
  | 'drops'
  /** Answers after two seconds. */
  | 'slow';

export interface SmsProvider {
  url: string;
  receipts: Receipt[];
  /** Requests whose signature is not that of the secret. */
  forged: number;
  behave(choose: () => SmsMode): void;
  stop(): Promise<void>;
}

/** Starts a provider of text messages behind a webhook, which misbehaves on request and checks each signature. */
export async function startSmsProvider(secret: string): Promise<SmsProvider> {
  let choose: () => SmsMode = () => 'works';
  const receipts: Receipt[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    if (!isSigned(request, body, secret)) provider.forged++;
    const { deliveryId, to } = JSON.parse(body) as { deliveryId: string; to: string };
    const keep = (answer: Receipt['answer']) => receipts.push({ deliveryId, channel: 'sms', to, answer });
    const answer = (status: number, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(`{"id":"${deliveryId}"}`);
    switch (choose()) {
      case 'limits':
        keep('refused');
        return answer(429, { 'retry-after': '2' });
      case 'unavailable':
        keep('refused');
        return answer(503);
      case 'refuses':
        keep('refused');
        return answer(422);
      case 'fails':
        keep('unanswered');
        return answer(500);
      case 'silent':
        return keep('unanswered');
      case 'drops':
        keep('unanswered');
        return request.socket.destroy();
      case 'slow':
        keep('accepted');
        return setTimeout(() => answer(200), 2_000);
      default:
        keep('accepted');
        return answer(200);
    }
  };
  const server = createServer((request, response) => {
    // A sender that was killed in the middle of its request has sent nothing.
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: SmsProvider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`,
    receipts,
    forged: 0,
    behave(next) {
      choose = next;
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  return provider;
}

/** Checks the signature as Standard Webhooks specifies it. */
function isSigned({ headers }: IncomingMessage, body: string, secret: string): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = Buffer.from(`v1,${createHmac('sha256', secret).update(signed).digest('base64')}`);
  const given = Buffer.from(String(headers['webhook-signature']));
  return given.length === expected.length && timingSafeEqual(given, expected);
}
