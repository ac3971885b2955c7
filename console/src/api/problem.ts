import type { components } from './schema.d.ts';

/** What the API says about a request that it refused (RFC 9457). */
export type ProblemBody = components['schemas']['Problem'];

/** Why a request has no answer: the API refused it, or could not be reached. */
export class Problem extends Error {
  override readonly name = 'Problem';
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** Stable, for code that decides: `not_found`, `unreachable`. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: NonNullable<ProblemBody['errors']>;
  readonly requestId: string | null;
  /** The whole document, for codes with members of their own. */
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Partial<ProblemBody> & { code: string }) {
    super(body.detail ?? body.title ?? body.code);
    this.status = status;
    this.code = body.code;
    this.title = body.title ?? body.code;
    this.detail = body.detail ?? '';
    this.errors = body.errors ?? [];
    this.requestId = body.requestId ?? null;
    this.body = body;
  }

  /** Whether the same request may succeed later without any change. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }

  /** Whether no API answered, or it can't reach what it needs. */
  get isUnreachable(): boolean {
    return this.status === 0 || (this.status >= 502 && this.status <= 504);
  }
}

/** The problem of an answer, whatever its body is: a proxy in between may have written it. */
export function toProblem(status: number, body: unknown): Problem {
  const hasCode =
    typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';
  if (hasCode) return new Problem(status, body as ProblemBody);
  return new Problem(status, {
    code: status >= 502 ? 'unavailable' : 'unexpected_answer',
    title: `HTTP ${status}`,
  });
}

/** The problem of a request that got no answer. */
export const unreachable = (cause: unknown): Problem =>
  new Problem(0, {
    code: 'unreachable',
    title: 'Not reachable',
    detail: cause instanceof Error ? cause.message : '',
  });

/** Turns whatever was thrown into a problem. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof TypeError) return unreachable(thrown);
  return new Problem(0, { code: 'unexpected', title: 'Unexpected error', detail: String(thrown) });
}
