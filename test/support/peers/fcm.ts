import { generateKeyPairSync } from 'node:crypto';
import type http from 'node:http';
import { importSPKI, jwtVerify } from 'jose';
import { type Peer, startPeer } from './peer.ts';

export type FcmMood = 'usual' | 'limited' | 'broken' | 'garbage' | 'silent' | 'no-token' | 'revoked';

export interface FcmPeer extends Peer {
  /** The key file that Google would give. */
  serviceAccount: Record<string, string>;
  messages: Record<string, unknown>[];
  /** Access tokens that were given out. */
  tokens: string[];
  mood: FcmMood;
}

const PROJECT = 'aroma-1';

/** Starts a server that acts like Google's token endpoint and FCM v1, as far as the channel uses them. */
export async function startFcmPeer(): Promise<FcmPeer> {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const email = 'pusher@aroma-1.iam.gserviceaccount.com';
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse, body: string) => {
    if (request.url === '/token') return answerToken(response, body);
    const { mood } = state;
    if (mood === 'silent') return;
    if (mood === 'garbage') return void response.writeHead(200).end('<html></html>');
    if (mood === 'broken') return fail(response, 500, 'INTERNAL', 'Internal error encountered.', 'INTERNAL');
    if (mood === 'limited')
      return fail(response, 429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.', 'QUOTA_EXCEEDED', {
        'retry-after': '60',
      });
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    if (!state.tokens.includes(token) || mood === 'revoked') {
      state.tokens.length = 0;
      state.mood = 'usual';
      return fail(response, 401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
    }
    if (request.url !== `/v1/projects/${PROJECT}/messages:send`)
      return fail(response, 404, 'NOT_FOUND', 'Not found');
    const { message } = JSON.parse(body) as { message: { token: string } };
    if (message.token.startsWith('gone'))
      return fail(response, 404, 'NOT_FOUND', 'Requested entity was not found.', 'UNREGISTERED');
    if (message.token.startsWith('other'))
      return fail(response, 403, 'PERMISSION_DENIED', 'SenderId mismatch', 'SENDER_ID_MISMATCH');
    if (message.token.startsWith('bad'))
      return reply(response, 400, {
        error: {
          code: 400,
          message: 'The registration token is not a valid FCM registration token',
          status: 'INVALID_ARGUMENT',
          details: [
            { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: 'INVALID_ARGUMENT' },
            {
              '@type': 'type.googleapis.com/google.rpc.BadRequest',
              fieldViolations: [{ field: 'message.token', description: 'Invalid registration token' }],
            },
          ],
        },
      });
    if (message.token.startsWith('large'))
      return fail(response, 400, 'INVALID_ARGUMENT', 'Message is too big', 'INVALID_ARGUMENT');
    state.messages.push(message);
    reply(response, 200, { name: `projects/${PROJECT}/messages/0:${state.messages.length}` });
  };
  const answerToken = async (response: http.ServerResponse, body: string) => {
    if (state.mood === 'no-token')
      return reply(response, 400, { error: 'invalid_grant', error_description: 'Invalid JWT' });
    const assertion = new URLSearchParams(body).get('assertion') ?? '';
    await jwtVerify(assertion, await importSPKI(publicKey, 'RS256'), {
      issuer: email,
      audience: `${state.url}/token`,
    });
    const token = `ya29.${state.tokens.length}-${Date.now()}`;
    state.tokens.push(token);
    reply(response, 200, { access_token: token, expires_in: 3_599, token_type: 'Bearer' });
  };
  const peer = await startPeer((request, response, body) => {
    answer(request, response, body).catch((error: Error) =>
      reply(response, 400, { error: 'invalid_grant', error_description: error.message }),
    );
  });
  const state: FcmPeer = {
    ...peer,
    serviceAccount: {
      type: 'service_account',
      project_id: PROJECT,
      private_key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      client_email: email,
      token_uri: `${peer.url}/token`,
    },
    messages: [],
    tokens: [],
    mood: 'usual',
  };
  return state;
}

function fail(
  response: http.ServerResponse,
  code: number,
  status: string,
  message: string,
  errorCode?: string,
  headers: http.OutgoingHttpHeaders = {},
): void {
  const type = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
  const details = errorCode === undefined ? [] : [{ '@type': type, errorCode }];
  reply(response, code, { error: { code, message, status, details } }, headers);
}

function reply(
  response: http.ServerResponse,
  status: number,
  body: unknown,
  headers: http.OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers });
  response.end(JSON.stringify(body));
}
