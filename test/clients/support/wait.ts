import { waitUntil } from '../../support/system.ts';
import type { ClientService } from './service.ts';

/** Libraries wait some seconds before they repeat. */
const PATIENCE_MS = 45_000;

/** Waits for what a client does in the background. @throws Error that lists what the service answered meanwhile */
export async function waitForClient(
  { answers }: ClientService,
  isTrue: () => Promise<boolean>,
  what: string,
): Promise<void> {
  try {
    await waitUntil(isTrue, what, PATIENCE_MS);
  } catch (cause) {
    throw new Error(`${(cause as Error).message}; the service answered ${answers.join(', ') || 'nothing'}`, {
      cause,
    });
  }
}
