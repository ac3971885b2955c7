import { appendCommands, type LogPosition } from '../../app/commands/append-commands.ts';
import { awaitProcessed } from '../../app/commands/await-processed.ts';
import type { IncomingEvent } from '../../app/intake/incoming-event.ts';
import { readCustomer } from '../customers/read-customer.ts';
import type { CustomerView } from '../customers/view.ts';
import type { Call, Reply } from '../frame/operation.ts';

/**
 * Appends commands, then answers with the customer.
 *
 * @param buildEvents checks the request, too
 * @throws UseCaseError `erased`
 */
export async function runCommand(
  call: Call<unknown, { wait: boolean }>,
  buildEvents: () => Promise<IncomingEvent[]>,
): Promise<Reply<CustomerView>> {
  const position = await call.once<LogPosition>(async (record) =>
    appendCommands(call.api.decisionServices, await buildEvents(), record),
  );
  call.api.notifyRelays();
  return replyWithCustomer(call, position);
}

/**
 * Answers 200 with the customer once the journey has processed the log up to `position`; 202 with the customer as of
 * now if it has not in time, or if the caller does not wait.
 */
export async function replyWithCustomer(
  { api, workspace, body }: Call<unknown, { wait: boolean }>,
  { customerId, seq }: LogPosition,
): Promise<Reply<CustomerView>> {
  const processed = body.wait && (await awaitProcessed(api.deps.db, customerId, seq, api.waitMs));
  const { view } = await readCustomer(api, workspace, customerId);
  return { status: processed ? 200 : 202, body: view };
}
