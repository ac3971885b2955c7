import { HttpError } from '../frame/http-error.ts';
import type { RetryRejected, RetryResult } from './retry-rejected.ts';

/** Retries a rejected event of a list that was read before; null if it was taken off the list meanwhile. */
export async function retryUnlessGone(
  retry: RetryRejected,
  workspace: string,
  id: string,
): Promise<RetryResult | null> {
  try {
    return await retry(workspace, id);
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return null;
    throw error;
  }
}
