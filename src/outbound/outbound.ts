import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { refuseAddress } from './address-policy.ts';
import type { AllowList } from './allow-list.ts';
import { createResolve, type Resolve, type ResolvedAddress } from './resolve.ts';

export interface OutboundRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Bytes of the reply that are read. Default: 64 kB. */
  maxBytes?: number;
  /** From the connection to the end of the reply. Default: 12 s. */
  replyMs?: number;
}

/** The result of one request. */
export type OutboundResult =
  /** `complete`: the body was read to its end, within `maxBytes`. */
  | {
      kind: 'reply';
      status: number;
      headers: http.IncomingHttpHeaders;
      body: string;
      complete: boolean;
    }
  /** The URL leads to an address that may not be called. Nothing was sent. */
  | { kind: 'refused'; error: string }
  /** The connection ended before the reply. `requestStarted`: the server may have read the request. */
  | { kind: 'broken'; requestStarted: boolean; error: string };

/** Makes requests to URLs that others name. Neither method throws. */
export interface Outbound {
  /** Makes one request on a connection of its own, without following redirects. */
  request(request: OutboundRequest): Promise<OutboundResult>;
  /** Whether a connection to a URL's server can be made. Sends nothing over it. */
  canConnect(url: string): Promise<boolean>;
}

/** With `REPLY_MS` well below the 25 s of a `deliver` activity. */
const CONNECT_MS = 5_000;
const REPLY_MS = 12_000;
const MAX_BYTES = 64_000;

type Target = { kind: 'permitted'; addresses: ResolvedAddress[] } | OutboundResult;

/**
 * Creates the client for URLs that others name.
 *
 * Each request has a connection of its own: that makes it certain whether anything was written before it broke. On a
 * reused connection the server may have hung up just before the request.
 *
 * @param lookUp for tests; the system's look-up by default
 */
export function createOutbound(allow: AllowList, lookUp?: Resolve): Outbound {
  const resolve = createResolve(lookUp);

  /** The addresses of a host that may be called. Only these are connected to, so no later look-up matters. */
  async function findTarget(host: string): Promise<Target> {
    let addresses: ResolvedAddress[];
    try {
      addresses = await within(CONNECT_MS, resolve(host), `no answer about ${host} for ${CONNECT_MS} ms`);
    } catch (error) {
      return { kind: 'broken', requestStarted: false, error: describe(error) };
    }
    const refusals = addresses.map(({ address }) => refuseAddress(allow, host, address));
    const permitted = addresses.filter((_, index) => refusals[index] === null);
    if (permitted.length > 0) return { kind: 'permitted', addresses: permitted };
    const error = `${host} has no public address (${refusals[0] ?? 'none'}): if that is meant, add it to OUTBOUND_ALLOW`;
    return { kind: 'refused', error };
  }

  return {
    async request(request) {
      if (!isWebUrl(request.url)) return { kind: 'refused', error: 'the URL is not one of http or https' };
      const target = await findTarget(readHost(request.url));
      return target.kind === 'permitted' ? exchange(request, target.addresses) : target;
    },
    async canConnect(url) {
      const target = await findTarget(readHost(url));
      return target.kind === 'permitted' && (await connect(url, target.addresses));
    },
  };
}

function isWebUrl(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

/** The host of a URL; an IPv6 address without its brackets. */
function readHost(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

/** A look-up that knows only the addresses that were checked. */
function lookUpOnly(addresses: readonly ResolvedAddress[]): net.LookupFunction {
  return (_host, { all }, done) => {
    if (all) return done(null, [...addresses]);
    const [{ address, family }] = addresses as [ResolvedAddress];
    done(null, address, family);
  };
}

function exchange(
  { method, url, headers, body, maxBytes = MAX_BYTES, replyMs = REPLY_MS }: OutboundRequest,
  addresses: readonly ResolvedAddress[],
): Promise<OutboundResult> {
  const secure = /^https:/i.test(url);
  return new Promise((resolve) => {
    let requestStarted = false;
    let timer: NodeJS.Timeout;
    const end = (result: OutboundResult) => {
      clearTimeout(timer);
      resolve(result);
    };
    let request: http.ClientRequest;
    try {
      request = (secure ? https : http).request(url, {
        method,
        agent: false,
        lookup: lookUpOnly(addresses),
        headers: { ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }), ...headers },
      });
    } catch (error) {
      // A header with characters that none may have.
      return resolve({ kind: 'refused', error: describe(error) });
    }
    timer = setTimeout(() => request.destroy(new Error(`no connection for ${CONNECT_MS} ms`)), CONNECT_MS);
    request.on('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        requestStarted = true;
        clearTimeout(timer);
        timer = setTimeout(() => request.destroy(new Error(`no reply for ${replyMs} ms`)), replyMs);
      });
    });
    let endWithReply: (() => void) | undefined;
    request.on('error', (error) => {
      endWithReply?.();
      end({ kind: 'broken', requestStarted, error: describe(error) });
    });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      // The status is the result, even if the body is incomplete.
      const answer = (complete: boolean) =>
        end({
          kind: 'reply',
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
          complete,
        });
      endWithReply = () => answer(false);
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk.subarray(0, maxBytes - bytes));
        bytes += chunk.length;
        if (bytes <= maxBytes) return;
        answer(false);
        request.destroy();
      });
      response.on('end', () => answer(response.complete));
      response.on('error', () => answer(false));
      response.on('close', () => answer(false));
    });
    request.end(body);
  });
}

function connect(url: string, addresses: readonly ResolvedAddress[]): Promise<boolean> {
  const { protocol, port } = new URL(url);
  const host = readHost(url);
  const secure = protocol === 'https:';
  return new Promise((resolve) => {
    const to = { host, port: Number(port) || (secure ? 443 : 80), lookup: lookUpOnly(addresses) };
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

function within<T>(ms: number, work: Promise<T>, message: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(message)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
