import { readHttpDate } from '../domain/time/read-time.ts';
import { SECOND } from '../domain/time/time.ts';
import type { Outbound, OutboundRequest, OutboundResult } from '../outbound/outbound.ts';
import type { SendResult } from './channel.ts';
import { Reachability } from './reachability.ts';

/** A reply of a provider. */
export type Reply = Extract<OutboundResult, { kind: 'reply' }>;

/** A provider's API, as one channel calls it. */
export interface Provider {
  reachability: Reachability;
  /** Makes one request. `classify` reads the reply; without one the result is certain by itself. */
  call(request: OutboundRequest, classify: (reply: Reply) => SendResult): Promise<SendResult>;
}

/** @param url the place of the provider, to which connections are tried while it is away */
export function createProvider(outbound: Outbound, url: string): Provider {
  const reachability = new Reachability(() => outbound.canConnect(url));
  return {
    reachability,
    async call(request, classify) {
      const result = await outbound.request(request);
      reachability.note(!(result.kind === 'broken' && !result.requestStarted));
      return result.kind === 'reply' ? classify(result) : withoutReply(result);
    },
  };
}

/** The result of an attempt without a reply: a provider that may have read the request may have sent the message. */
export function withoutReply(result: Exclude<OutboundResult, { kind: 'reply' }>): SendResult {
  const { error } = result;
  if (result.kind === 'refused') return { state: 'failed', error, suppress: false };
  return result.requestStarted ? { state: 'unknown', error } : { state: 'retry', error, unreachable: true };
}

/** The pause that a reply asks for by `Retry-After`, in seconds or as a date. */
export function readRetryAfter({ headers }: Pick<Reply, 'headers'>): { after?: number } {
  const header = headers['retry-after'];
  if (header === undefined) return {};
  const seconds = Number(header);
  const after = Number.isFinite(seconds) ? seconds * SECOND : (readHttpDate(header) ?? 0) - Date.now();
  return after > 0 ? { after } : {};
}

/** The JSON object in a reply's body; empty if it is none. */
export function readObject({ body }: Pick<Reply, 'body'>): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

/** A text or number of a reply as a short text; empty for everything else. */
export function readShort(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : '';
}
