import type http from 'node:http';
import { type Peer, startPeer } from './peer.ts';

/** A mail that the peer has taken. */
interface ResendMail {
  id: string;
  key: string | undefined;
  from: string;
  to: string[];
  subject: string;
  html?: string;
  text?: string;
  headers?: Record<string, string>;
  tags?: { name: string; value: string }[];
}

/** What goes wrong with one request. `taken`: the mail was sent, and its answer is lost or is another one. */
export type Mishap = { to?: string } & (
  | { kind: 'hang' | 'drop'; taken: boolean }
  | { kind: 'answer'; taken: boolean; status: number; headers?: Record<string, string>; body: unknown }
);

/** A server that answers `POST /emails` as Resend does. */
export interface ResendPeer extends Peer {
  apiKey: string;
  mails: ResendMail[];
  /** Goes wrong for the next requests, in this order; with `to` for the next one to this address. */
  mishaps: Mishap[];
  /** Moves the clock that forgets keys after 24 hours. */
  advance(ms: number): void;
}

const REMEMBERED_MS = 24 * 60 * 60 * 1_000;
const ADDRESS = /^(?:[^<>]*<)?[^\s<>@"]+@[^\s<>@"]+\.[^\s<>@"]+>?$/;

const problem = (statusCode: number, name: string, message: string) => ({ statusCode, name, message });

/** Starts the peer on the loopback address. Its idempotency store is Resend's: 24 hours, one answer per key and payload. */
export async function startResend(apiKey = 're_test_key'): Promise<ResendPeer> {
  const mails: ResendMail[] = [];
  const mishaps: Mishap[] = [];
  const store = new Map<string, { body: string; at: number; id: string }>();
  const underWay = new Set<string>();
  let ahead = 0;
  let count = 0;

  const take = (body: string, key: string | undefined): string => {
    const mail = JSON.parse(body) as Omit<ResendMail, 'id' | 'key'>;
    const id = `49a3999c-0ce1-4ea6-ab68-${String(++count).padStart(12, '0')}`;
    mails.push({ ...mail, id, key });
    if (key !== undefined) store.set(key, { body, at: Date.now() + ahead, id });
    return id;
  };

  /** What Resend answers; `send` is called if the mail is to be sent. */
  const judge = (
    headers: http.IncomingHttpHeaders,
    body: string,
    send: (key: string | undefined) => string,
  ): { status: number; body: unknown } => {
    const reply = (error: ReturnType<typeof problem>) => ({ status: error.statusCode, body: error });
    const { authorization } = headers;
    if (authorization === undefined) return reply(problem(401, 'missing_api_key', 'Missing API Key'));
    if (authorization !== `Bearer ${apiKey}`)
      return reply(problem(401, 'validation_error', 'API key is invalid'));
    const key = headers['idempotency-key'] as string | undefined;
    if (key !== undefined && (key.length < 1 || key.length > 256))
      return reply(problem(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.'));
    let mail: Partial<ResendMail>;
    try {
      mail = JSON.parse(body) as Partial<ResendMail>;
    } catch {
      return reply(problem(400, 'validation_error', 'The request body is no JSON'));
    }
    for (const field of ['from', 'to', 'subject'] as const)
      if (mail[field] === undefined)
        return reply(problem(422, 'missing_required_field', `Missing \`${field}\` field.`));
    const follow =
      'The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.';
    if (!ADDRESS.test(mail.from as string))
      return reply(problem(422, 'invalid_from_address', `Invalid \`from\` field. ${follow}`));
    if (!(mail.to as string[]).every((to) => ADDRESS.test(to)))
      return reply(problem(422, 'validation_error', `Invalid \`to\` field. ${follow}`));
    if (mail.tags?.some(({ name, value }) => !/^[\w-]{1,256}$/.test(name) || !/^[\w-]{1,256}$/.test(value)))
      return reply(
        problem(
          422,
          'validation_error',
          'Tags should only contain ASCII letters, numbers, underscores, or dashes.',
        ),
      );
    if (key !== undefined && underWay.has(key))
      return reply(
        problem(
          409,
          'concurrent_idempotent_requests',
          'Same idempotency key used while original request is still in progress.',
        ),
      );
    const stored = key === undefined ? undefined : store.get(key);
    if (stored && Date.now() + ahead - stored.at < REMEMBERED_MS) {
      if (stored.body === body) return { status: 200, body: { id: stored.id } };
      return reply(
        problem(
          409,
          'invalid_idempotent_request',
          'Same idempotency key used with a different request payload.',
        ),
      );
    }
    return { status: 200, body: { id: send(key) } };
  };

  const peer = await startPeer((request, response, body) => {
    const { headers, method, url } = request;
    const answer = (status: number, content: unknown, more: Record<string, string> = {}) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'ratelimit-limit': '5',
        'ratelimit-remaining': '4',
        'ratelimit-reset': '1',
        ...more,
      });
      response.end(typeof content === 'string' ? content : JSON.stringify(content));
    };
    if (method !== 'POST' || url !== '/emails')
      return answer(404, problem(404, 'not_found', 'The requested endpoint does not exist'));
    const place = mishaps.findIndex(({ to }) => to === undefined || body.includes(to));
    const [mishap] = place < 0 ? [] : mishaps.splice(place, 1);
    if (mishap === undefined || mishap.taken) {
      const judged = judge(headers, body, (key) => take(body, key));
      if (mishap === undefined) return answer(judged.status, judged.body);
    }
    if (mishap?.kind === 'drop') return void request.socket.destroy();
    if (mishap?.kind === 'answer') return answer(mishap.status, mishap.body, mishap.headers);
    const key = headers['idempotency-key'];
    if (typeof key !== 'string') return;
    // A request that hangs is still in progress, until its client gives up.
    underWay.add(key);
    response.once('close', () => underWay.delete(key));
  });
  return {
    ...peer,
    apiKey,
    mails,
    mishaps,
    advance: (ms) => {
      ahead += ms;
    },
  };
}
