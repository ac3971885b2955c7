import { z } from 'zod';
import { SECOND } from '../domain/time/time.ts';
import type { Channel, OutgoingMessage, SendResult } from './channel.ts';
import { type ChannelDeps, channelKind } from './channel-kind.ts';
import { createProvider, type Reply, readObject, readRetryAfter, readShort } from './provider.ts';
import { readPushMessage, sendToDevices } from './push-message.ts';
import { webUrl } from './url-settings.ts';

const settings = z.object({
  /** The key file of a service account, as Google gives it. */
  serviceAccount: z.object({
    project_id: z.string().min(1),
    client_email: z.string().min(1),
    private_key: z.string().startsWith('-----BEGIN', 'must be a key in PEM'),
    token_uri: webUrl.default('https://oauth2.googleapis.com/token'),
  }),
  baseUrl: webUrl.default('https://fcm.googleapis.com'),
});

type ServiceAccount = z.output<typeof settings>['serviceAccount'];

/** Push messages to apps by Firebase Cloud Messaging, HTTP v1. */
export const fcmKind = channelKind({
  settings,
  carries: 'text',
  receipts: [],
  setup: {
    entry: {
      serviceAccount: {
        project_id: '<project id>',
        client_email: '<e-mail of the service account>',
        private_key: '<private key>',
      },
    },
    steps: [
      'In the Firebase console, open Project settings → Service accounts, and generate a new private key.',
      'The downloaded file is the value of "serviceAccount"; further fields in it are ignored.',
    ],
  },
  create: createFcmChannel,
});

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** A token is not used in its last seconds. */
const TOKEN_MARGIN = 60 * SECOND;

function createFcmChannel(
  id: string,
  { serviceAccount, baseUrl }: z.output<typeof settings>,
  { outbound }: ChannelDeps,
): Channel {
  const provider = createProvider(outbound, baseUrl);
  const tokens = new AccessTokens(serviceAccount, outbound);
  const url = `${baseUrl.replace(/\/$/, '')}/v1/projects/${serviceAccount.project_id}/messages:send`;
  return {
    id,
    concurrency: 20,
    reachability: provider.reachability,
    async send(message) {
      const access = await tokens.read();
      if (!access.ok) return { state: 'retry', error: access.error };
      const headers = {
        authorization: `Bearer ${access.token}`,
        'content-type': 'application/json',
        'user-agent': 'throughline',
      };
      return sendToDevices(message.to, (device) => {
        const body = JSON.stringify({ message: buildMessage(device, message) });
        return provider.call({ method: 'POST', url, headers, body }, (reply) => {
          if (reply.status === 401) tokens.forget();
          return classifyReply(reply);
        });
      });
    },
    close: async () => {},
  };
}

function buildMessage(token: string, message: OutgoingMessage) {
  const { title, body, url } = readPushMessage(message);
  return {
    token,
    notification: { title, body },
    data: { delivery_id: message.deliveryId, ...(url === null ? {} : { url }) },
    ...(url === null ? {} : { webpush: { fcm_options: { link: url } } }),
  };
}

/** Classifies a reply. FCM documents no idempotency key, so an attempt without a definite answer is never repeated. */
function classifyReply(reply: Reply): SendResult {
  const { status } = reply;
  const { name, error: problem } = readObject(reply);
  if (status >= 200 && status < 300)
    return readShort(name) === ''
      ? { state: 'unknown', error: `FCM answered ${status} without a message` }
      : { state: 'sent', providerId: readShort(name) };
  const { code, message, field } = readProblem(problem);
  const error = `FCM answered ${status}${code === '' ? '' : ` (${code})`}${message === '' ? '' : `: ${message}`}`;
  if (status === 429) return { state: 'retry', error, ...readRetryAfter(reply) };
  // Credentials are mended without a change of the message; a token of another project is not.
  if (status === 401 || (status === 403 && code !== 'SENDER_ID_MISMATCH')) return { state: 'retry', error };
  if (status >= 300 && status < 500)
    return { state: 'failed', error, suppress: code === 'UNREGISTERED' || field === 'message.token' };
  return { state: 'unknown', error };
}

/** FCM's own code, else Google's; and the field that an argument is wrong in. */
function readProblem(value: unknown): { code: string; message: string; field: string } {
  const problem = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const details = (Array.isArray(problem.details) ? problem.details : []) as (Record<
    string,
    unknown
  > | null)[];
  const own = details.map((detail) => readShort(detail?.errorCode)).find((code) => code !== '');
  const violations = details.flatMap((detail) =>
    Array.isArray(detail?.fieldViolations) ? detail.fieldViolations : [],
  );
  const fields = violations.map((violation: unknown) =>
    readShort((violation as { field?: unknown } | null)?.field),
  );
  return {
    code: own ?? readShort(problem.status),
    message: readShort(problem.message),
    field: fields.find((field) => field !== '') ?? '',
  };
}

type Access = { ok: true; token: string } | { ok: false; error: string };

/** Google's access tokens for a service account (RFC 7523). One request at a time; a token is used until it ends. */
class AccessTokens {
  private readonly account: ServiceAccount;
  private readonly outbound: ChannelDeps['outbound'];
  private current: { token: string; until: number } | undefined;
  private running: Promise<Access> | undefined;

  constructor(account: ServiceAccount, outbound: ChannelDeps['outbound']) {
    this.account = account;
    this.outbound = outbound;
  }

  /** Forgets a token that was refused. */
  forget(): void {
    this.current = undefined;
  }

  async read(): Promise<Access> {
    if (this.current && this.current.until > Date.now()) return { ok: true, token: this.current.token };
    this.running ??= this.request().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async request(): Promise<Access> {
    const { client_email, private_key, token_uri } = this.account;
    let assertion: string;
    try {
      const { importPKCS8, SignJWT } = await import('jose');
      assertion = await new SignJWT({ scope: SCOPE })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
        .setIssuer(client_email)
        .setAudience(token_uri)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(await importPKCS8(private_key, 'RS256'));
    } catch (error) {
      return {
        ok: false,
        error: `the private key can't sign: ${error instanceof Error ? error.message : error}`,
      };
    }
    const result = await this.outbound.request({
      method: 'POST',
      url: token_uri,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'throughline' },
      body: new URLSearchParams({ grant_type: GRANT, assertion }).toString(),
    });
    if (result.kind !== 'reply') return { ok: false, error: `no access token: ${result.error}` };
    const { access_token, expires_in, error, error_description } = readObject(result);
    const token = typeof access_token === 'string' ? access_token : '';
    if (result.status !== 200 || token === '') {
      const reason = readShort(error_description) || readShort(error);
      return {
        ok: false,
        error: `no access token: Google answered ${result.status}${reason ? `: ${reason}` : ''}`,
      };
    }
    const lasts = typeof expires_in === 'number' ? expires_in * SECOND : 0;
    this.current = { token, until: Date.now() + lasts - TOKEN_MARGIN };
    return { ok: true, token };
  }
}
