import { HttpError } from '../../api/frame/http-error.ts';

/** Reading more would keep the API from its other work. @throws HttpError 422 `too_much` if more than `most` were found */
export function requireAtMost(most: number, found: number, what: string): void {
  if (found <= most) return;
  throw new HttpError(422, 'too_much', `more than ${most} ${what}: choose a shorter one`);
}
