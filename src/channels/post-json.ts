import http from 'node:http';
import https from 'node:https';

/** What came of one request. */
export type PostResult =
  | { kind: 'reply'; status: number; headers: http.IncomingHttpHeaders; body: string }
  /** It ended before there was a whole reply. `begun`: the request may have been read by somebody. */
  | { kind: 'broken'; requestStarted: boolean; error: string };

/** Together well below a `deliver` activity's 25 s. */
const CONNECT_MS = 5_000;
const REPLY_MS = 12_000;
/** As much of a reply as is of interest; the rest isn't kept. */
const BODY_CHARS = 64_000;

/**
 * Posts JSON on a connection of its own. Only so can be told whether anything was written when it breaks: on a
 * connection that is kept, the other side may have hung up just before. Never throws; redirects aren't followed.
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
      // The status is the answer. A body that breaks off takes nothing of it back.
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
