import { requestChecks } from '../../../db/wakes/request-checks.ts';
import type { LiveState } from '../../workflows/messages.ts';
import type { ApiDeps } from '../frame/deps.ts';

const LIVE_MS = 3_000;
/** The error of a query that no worker can answer, since the history does not fit its code. */
const UNREPLAYABLE = 'QueryNotRegisteredError';

interface Owner {
  workspace: string;
  customerId: string;
}

/**
 * Queries the live state of a customer's workflow. Null if none runs, or if it does not answer in time: the view does
 * not depend on it. A workflow that is missing or cannot be replayed is started again by the relay.
 */
export async function queryWorkflow(
  deps: Pick<ApiDeps, 'db' | 'journeys' | 'log'>,
  owner: Owner,
): Promise<LiveState | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), LIVE_MS);
  });
  const { customerId } = owner;
  try {
    const answer = await Promise.race([queryOrNull(deps, owner), late]);
    if (answer === null) await requestChecks(deps.db.sql, [customerId]);
    return answer === 'late' ? null : answer;
  } catch (error) {
    deps.log.warn({ err: error, customerId }, 'the workflow did not answer');
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function queryOrNull(
  { journeys, log }: Pick<ApiDeps, 'journeys' | 'log'>,
  owner: Owner,
): Promise<LiveState | null> {
  try {
    return await journeys.query(owner);
  } catch (error) {
    if ((error as Error).name !== UNREPLAYABLE) throw error;
    log.warn({ err: error, customerId: owner.customerId }, 'the workflow cannot be replayed');
    return null;
  }
}
