/** One field of a request that is wrong. */
export interface FieldError {
  /** Path of the field: `traits.email`, `files[2].path`. */
  path: string;
  /** Stable, lower_snake. */
  code: string;
  detail?: string;
  /** The file of the bundle that is at fault. */
  file?: string;
  /** Its line, from 1. */
  line?: number | undefined;
}

export interface HttpErrorOptions {
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** Further members of the problem document. */
  extra?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * A refused request. Handlers throw it, and `problem.ts` turns it into `application/problem+json`. `code` is stable and
 * lower_snake; the message is for people.
 */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly options: HttpErrorOptions;

  constructor(status: number, code: string, message: string, options: HttpErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.options = options;
  }
}

/** The record does not exist, or belongs to another workspace: callers cannot tell the two apart. */
export function notFound(what: string): HttpError {
  return new HttpError(404, 'not_found', `there is no such ${what}`);
}
