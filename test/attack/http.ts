import http from 'node:http';
import { assertLoopback } from './loopback.ts';

export interface Request {
  method?: string;
  path: string;
  /** Sent as a bearer token. */
  key?: string | null;
  headers?: http.OutgoingHttpHeaders;
  body?: string | Buffer;
}

export interface Answer {
  /** 0 if the connection ended without an answer. */
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  ms: number;
}

export interface HttpClient {
  send(request: Request): Promise<Answer>;
  close(): void;
}

const CONNECTIONS = 8;
const TIMEOUT_MS = 60_000;
const KEPT_CHARS = 4_000_000;

/** Creates a client of a server on this machine. It never throws for what the server does. */
export function createHttpClient(url: string): HttpClient {
  const { hostname, port } = assertLoopback(url);
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  return {
    send({ method = 'GET', path, key, headers = {}, body }) {
      const began = performance.now();
      const all: http.OutgoingHttpHeaders = {
        ...(key ? { authorization: `Bearer ${key}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      };
      return new Promise((resolve) => {
        const end = (status: number, text: string, received: http.IncomingHttpHeaders = {}) =>
          resolve({ status, headers: received, text, ms: performance.now() - began });
        const options = { agent, hostname, port, method, path, headers: all, timeout: TIMEOUT_MS };
        const outgoing = http.request(options, (incoming) => {
          // A stream of events has no end to wait for.
          if (incoming.headers['content-type']?.startsWith('text/event-stream')) {
            end(incoming.statusCode ?? 0, '', incoming.headers);
            incoming.destroy();
            return;
          }
          let text = '';
          incoming.setEncoding('utf8').on('data', (chunk) => {
            if (text.length < KEPT_CHARS) text += chunk;
          });
          incoming.on('error', () => end(incoming.statusCode ?? 0, text, incoming.headers));
          incoming.on('end', () => end(incoming.statusCode ?? 0, text, incoming.headers));
        });
        outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
        outgoing.on('error', (error) => end(0, String(error)));
        outgoing.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}
