/** One thing that is wrong with a request. */
export interface FieldError {
  /** Where: `traits.email`, `files[2].path`. */
  path: string;
  /** Stable, lower_snake. */
  code: string;
  detail?: string;
  /** Of a bundle's files, the one at fault. */
  file?: string;
}

export interface HttpErrorOptions {
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** More members of the problem document. */
  extra?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * An answer that isn't the one asked for. Thrown anywhere below a route, and turned into `application/problem+json`
 * in one place (`problem.ts`). `code` is stable and lower_snake; the message is for people.
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

/** There is no such thing here, or it is another workspace's: both look the same. */
export function notFound(what: string): HttpError {
  return new HttpError(404, 'not_found', `there is no such ${what}`);
}
