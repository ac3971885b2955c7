import process from 'node:process';
import { Client } from '@temporalio/client';
import { readDevFile } from '../../dev/dev-file.ts';
import type { Millis } from '../../domain/time/time.ts';
import { advanceClock, readClock } from '../../testing/clock.ts';
import { UserError } from '../../user-error.ts';
import { buildWorkflowId } from '../../workflows/identifiers.ts';
import { readApiTarget } from '../bundle/api-client.ts';
import { connectToTemporal, readTemporalTarget } from '../temporal-target.ts';
import { readNewItems, readSeenItems, waitUntilProcessed, waitUntilSettled } from './customer.ts';
import { formatOutcome } from './format-outcome.ts';
import { readAdvanceDuration } from './read-duration.ts';
import { explainRefusal, refuseOldServer, refuseProduction, refuseWithoutJourney } from './refusals.ts';

/** A skip takes milliseconds, and a delivery on the way seconds. */
const ADVANCE_MS = 60_000;

/**
 * Makes time pass for one customer's journey on a development server, and prints what happened meanwhile. Temporal skips
 * from timer to timer: the journey wakes, decides and sends as it would have done in that time.
 */
export async function advanceCommand(ref: string, duration: string): Promise<void> {
  const ms = readAdvanceDuration(duration);
  const api = readApiTarget();
  const temporal = readTemporalTarget(process.env.THROUGHLINE_URL ? undefined : readDevFile());
  refuseProduction(process.env, temporal.connection);
  const { address = 'its address' } = temporal.connection;
  const customer = await waitUntilProcessed(api, ref);
  const connection = await connectToTemporal(temporal);
  try {
    const client = new Client({ connection, namespace: temporal.namespace });
    await refuseOldServer(client, address);
    await refuseWithoutJourney(client, ref, customer);
    await waitUntilSettled(api, ref);
    const seen = await readSeenItems(api, ref);
    const workflowId = buildWorkflowId(customer.workspace, customer.id);
    await passTime(client, workflowId, ms, ref).catch((error: unknown) => {
      throw explainRefusal(error, address);
    });
    const after = await waitUntilSettled(api, ref);
    const [items, now] = await Promise.all([readNewItems(api, ref, seen), readClock(client, workflowId)]);
    console.log(formatOutcome({ ref, duration, now, items, customer: after }));
  } finally {
    await connection.close();
  }
}

async function passTime(client: Client, workflowId: string, ms: Millis, ref: string): Promise<void> {
  const late = AbortSignal.timeout(ADVANCE_MS);
  try {
    await client.connection.withAbortSignal(late, () => advanceClock(client, workflowId, ms));
  } catch (error) {
    if (!late.aborted) throw error;
    throw new UserError(
      `time still passes for ${ref} after ${ADVANCE_MS / 1_000} s: it stands still while a delivery or decision is under way. Check that the worker runs; the rest of the time passes by itself then`,
    );
  }
}
