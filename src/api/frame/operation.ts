import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { KeyRow, Scope } from '../../../db/access/keys.ts';
import type { DecideDeps } from '../../app/decide/journey.ts';
import type { RealtimeDecisions } from '../../app/decide/realtime/realtime-decisions.ts';
import type { ApiDeps } from './deps.ts';

/** What handlers work with. */
export interface Api {
  deps: ApiDeps;
  /** What the core's shell needs, to append events and to ask the gates. */
  decideDeps: DecideDeps;
  /** Decisions on the spot. */
  realtime: RealtimeDecisions;
  /** Tells relays that something was committed. */
  notifyRelays(): void;
  waitMs: number;
}

/** One request, authorised and checked. */
export interface Call<Q = unknown, B = unknown> {
  api: Api;
  key: KeyRow;
  workspace: string;
  params: Record<string, string>;
  query: Q;
  body: B;
  headers: IncomingHttpHeaders;
  /** A message id for an event that this call appends: the same if it is repeated under its idempotency key. */
  messageId: string;
}

export interface Reply {
  status?: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** A call of the API: mounted by `mount.ts`, described by `openapi.ts`, so that the two can't differ. */
export interface Operation<Q = unknown, B = unknown> {
  method: 'get' | 'post' | 'put';
  /** With `{name}` for parameters. */
  path: string;
  tag: string;
  summary: string;
  scope: Scope;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  /** Bytes as the body parser reads them; default 256kb. */
  bodyLimit?: string;
  /** The schema of each answer that isn't an error. */
  replies: Record<number, { description: string; schema?: z.ZodType }>;
  /** Statuses of the problems that are particular to it. */
  problems?: number[];
  handle(call: Call<Q, B>): Promise<Reply>;
}

/** Keeps the types of query and body inside of the handler, and forgets them outside. */
export function defineOperation<Q = unknown, B = unknown>(op: Operation<Q, B>): Operation {
  return op as unknown as Operation;
}
