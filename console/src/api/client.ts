import createClient, { type Middleware } from 'openapi-fetch';
import { createContext, useContext } from 'react';
import { toProblem, unreachable } from './problem.ts';
import { noteAnswer, noteSilence } from './reachability.ts';
import type { paths } from './schema.d.ts';

/** What a client sends to show who calls, and what it does when the API no longer knows them. */
export interface Credentials {
  /** Sent with every request that is not a GET; null without a session. */
  csrfToken(): string | null;
  /** The token of an embedded page, which has no session. */
  bearer?: string;
  /** The session ran out, or was ended elsewhere. */
  onExpired(): void;
}

/** Calls the API: every request and answer is typed by the OpenAPI document. Failures are thrown as `Problem`. */
export function createApiClient(credentials: Credentials) {
  const client = createClient<paths>({ baseUrl: '', credentials: 'same-origin', fetch: callFetch });
  client.use(authorize(credentials), throwProblems(credentials));
  return client;
}

export type ApiClient = ReturnType<typeof createApiClient>;

async function callFetch(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    noteSilence();
    throw unreachable(error);
  }
}

const authorize = ({ csrfToken, bearer }: Credentials): Middleware => ({
  onRequest({ request }) {
    const token = csrfToken();
    if (bearer) request.headers.set('Authorization', `Bearer ${bearer}`);
    else if (request.method !== 'GET' && token) request.headers.set('X-CSRF-Token', token);
    return request;
  },
});

function throwProblems({ onExpired, csrfToken }: Credentials): Middleware {
  const sentIn = new WeakMap<Request, string | null>();
  return {
    onRequest({ request }) {
      sentIn.set(request, csrfToken());
    },
    async onResponse({ request, response }) {
      if (response.ok) {
        noteAnswer();
        return undefined;
      }
      const body: unknown = await response.json().catch(() => null);
      const problem = toProblem(response.status, body);
      if (problem.isUnreachable) noteSilence();
      else noteAnswer();
      // A late refusal of a request from before a login says nothing about the session of now.
      if (response.status === 401 && sentIn.get(request) === csrfToken()) onExpired();
      throw problem;
    },
  };
}

const ClientContext = createContext<ApiClient | null>(null);
export const ClientProvider = ClientContext.Provider;

/** The client of this page. */
export function useClient(): ApiClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error('there is no ClientProvider above this component');
  return client;
}
