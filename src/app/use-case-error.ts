/** Why a use case refused. The API answers each kind with one status (`src/api/frame/problem.ts`). */
export type RefusalKind = 'invalid' | 'not_found' | 'gone' | 'conflict' | 'unprocessable';

export interface RefusalDetails {
  /** Fields of the request that are at fault. */
  errors?: { path: string; code: string; detail?: string; file?: string; line?: number | undefined }[];
  /** Further members of the problem document. */
  extra?: Record<string, unknown>;
}

/**
 * A use case refuses what was requested, for a reason that the caller can act on. It knows nothing of HTTP.
 * `code` is stable and lower_snake; the message is for people.
 */
export class UseCaseError extends Error {
  readonly kind: RefusalKind;
  readonly code: string;
  readonly details: RefusalDetails;

  constructor(kind: RefusalKind, code: string, message: string, details: RefusalDetails = {}) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.details = details;
  }
}

/** The record does not exist, or belongs to another workspace: callers cannot tell the two apart. */
export function recordNotFound(record: string): UseCaseError {
  return new UseCaseError('not_found', 'not_found', `there is no such ${record}`);
}

/** One field of the request is wrong. `path` names it. */
export function invalidField(path: string, code: string, detail: string): UseCaseError {
  return new UseCaseError('invalid', 'invalid_request', `${path}: ${detail}`, {
    errors: [{ path, code, detail }],
  });
}
