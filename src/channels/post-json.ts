import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';

/** The result of one request. */
export type PostResult =
  | { kind: 'reply'; status: number; headers: http.IncomingHttpHeaders; body: string }
  /** The connection ended before the reply. `requestStarted`: the server may have read the request. */
  | { kind: 'broken'; requestStarted: boolean; error: string };

/** The sum is well below the 25 s of a `deliver` activity. */
const CONNECT_MS = 5_000;
const REPLY_MS = 12_000;
/** The part of a reply that is kept. */
const BODY_CHARS = 64_000;

/**
 * Posts JSON on a connection of its own, without following redirects. Never throws.
 *
 * A new connection makes it certain whether anything was written before it broke. On a reused connection the server may
 * have hung up just before the request.
 */
export function postJson(url: string, body: string, headers: Record<string, string>): Promise<PostResult> {
  const secure = url.startsWith('https:');
  return new Promise((resolve) => {
    let begun = false;
    let timer: NodeJS.Timeout;
    const end = (posted: PostResult) => {
      clearTimeout(timer);
      resolve(posted);
    };
    const request = (secure ? https : http).request(url, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    });
    timer = setTimeout(() => request.destroy(new Error(`no connection for ${CONNECT_MS} ms`)), CONNECT_MS);
    request.on('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        begun = true;
        clearTimeout(timer);
        timer = setTimeout(() => request.destroy(new Error(`no reply for ${REPLY_MS} ms`)), REPLY_MS);
      });
    });
    request.on('error', (error) =>
      end({ kind: 'broken', requestStarted: begun, error: error.message || String(error) }),
    );
    request.on('response', (response) => {
      let text = '';
      // The status is the result, even if the body is incomplete.
      const answer = () =>
        end({ kind: 'reply', status: response.statusCode ?? 0, headers: response.headers, body: text });
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (text.length < BODY_CHARS) text += chunk;
      });
      response.on('end', answer);
      response.on('error', answer);
      response.on('close', answer);
    });
    request.end(body);
  });
}

/** Whether a connection to a URL's server can be made. Sends nothing over it. */
export function canConnect(url: string): Promise<boolean> {
  const { protocol, hostname, port } = new URL(url);
  // A URL has brackets around an IPv6 address.
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'https:';
  return new Promise((resolve) => {
    const to = { host, port: Number(port) || (secure ? 443 : 80) };
    const socket = secure
      ? tls.connect({ ...to, ...(net.isIP(host) ? {} : { servername: host }) })
      : net.connect(to);
    const end = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.setTimeout(CONNECT_MS, () => end(false));
    socket.once(secure ? 'secureConnect' : 'connect', () => end(true));
    socket.on('error', () => end(false));
  });
}
