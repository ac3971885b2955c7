import { UseCaseError } from '../use-case-error.ts';

/**
 * Reports compute in the process that serves them, so each bounds what it reads.
 * @throws UseCaseError `too_much` if more than `most` rows were found
 */
export function requireAtMost(most: number, found: number, what: string): void {
  if (found <= most) return;
  throw new UseCaseError('unprocessable', 'too_much', `more than ${most} ${what}: choose a shorter one`);
}
