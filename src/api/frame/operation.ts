import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Scope } from '../../../db/access/keys.ts';
import type { RealtimeDecisions } from '../../app/decide/realtime/realtime-decisions.ts';
import type { DecisionServices } from '../../app/decide/services.ts';
import type { Renderer } from '../../content/renderer.ts';
import type { Caller } from './auth.ts';
import type { Visitor } from './customer-token.ts';
import type { ApiDeps } from './deps.ts';
import type { EmbeddedRecord } from './embed-access.ts';
import type { AnswerOnce, RunOnce } from './idempotency.ts';
import type { Reply } from './reply.ts';

export type { Reply } from './reply.ts';

/** Dependencies of handlers. */
export interface Api {
  deps: ApiDeps;
  /** Dependencies of the decision use cases. */
  decisionServices: DecisionServices;
  /** Renders previews. */
  renderer: Renderer;
  /** Real-time decisions. */
  realtime: Pick<RealtimeDecisions, 'decide'>;
  /** Answers requests with an `Idempotency-Key`. */
  answerOnce: AnswerOnce;
  /** Wakes the relays after a commit. */
  notifyRelays(): void;
  /** Tells open streams that the inbox of a customer has changed. */
  notifyInbox(customerId: string): void;
  waitMs: number;
}

/** An authorised and checked request. */
export interface Call<Q = unknown, B = unknown> {
  api: Api;
  /** Who calls: a key, or a person with a session. */
  key: Caller;
  /** The customer whose token it came with; null: it came with a key. */
  visitor: Visitor | null;
  workspace: string;
  params: Record<string, string>;
  query: Q;
  body: B;
  headers: IncomingHttpHeaders;
  /** Whether the caller still waits for the answer: false once the connection has closed. */
  isAwaited(): boolean;
  /** Message id for an event that the call appends. */
  messageId: string;
  /** Runs the effect of a command. All that changes anything runs in it, and so do the checks before it. */
  once: RunOnce;
  /** Whether the request has an `Idempotency-Key`, so that `once` records its effect. */
  isRepeatable: boolean;
}

/** One call of the API. `mount.ts` serves it and `openapi/document.ts` describes it, so the two cannot differ. */
export interface Operation<Q = unknown, B = unknown, R = unknown> {
  /** The name of the method in a generated client: a verb and a noun, unique. */
  id: string;
  method: 'get' | 'post' | 'put';
  /** With `{name}` for parameters. */
  path: string;
  tag: string;
  summary: string;
  scope: Scope;
  /** A second scope that the key needs. */
  alsoNeeds?: Scope;
  /** A customer's inbox token may call it, too. */
  inboxToken?: true;
  /** The token of an embedded page may call it, too, where the path names this record of its own customer, or none. */
  embedded?: EmbeddedRecord;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  /** The largest body that is read, as Express writes sizes; default 256kb. */
  bodyLimit?: string;
  /** Successful answers by status. */
  replies: Record<number, ReplyDescription<R>>;
  /** Statuses of problems that only this operation answers with; `openapi/document.ts` adds the common ones. */
  problems?: number[];
  handle(call: Call<Q, B>): Promise<Reply<NoInfer<R>>>;
}

interface ReplyDescription<R = unknown> {
  description: string;
  schema?: z.ZodType<R>;
  /** What the answer has as CSV, which the caller may ask for instead. */
  csv?: string;
}

/** Checks the types of query, body and answer inside the operation, and forgets them outside. */
export function defineOperation<Q = unknown, B = unknown, R = unknown>(op: Operation<Q, B, R>): Operation {
  return op as unknown as Operation;
}

/** The scopes that a key needs for an operation. */
export function listScopes({ scope, alsoNeeds }: Pick<Operation, 'scope' | 'alsoNeeds'>): Scope[] {
  return alsoNeeds === undefined ? [scope] : [scope, alsoNeeds];
}
