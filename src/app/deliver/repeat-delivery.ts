import type { Database } from '../../../db/client.ts';
import { planRepeat } from '../../../db/deliveries/deliveries.ts';
import { type DeliveryView, viewDelivery } from '../../../db/deliveries/read-deliveries.ts';
import { mintRepeatId } from '../../domain/delivery.ts';
import { EVENT } from '../../domain/event.ts';
import { DAY } from '../../domain/time/time.ts';
import { appendCommands, buildEvent } from '../commands/append-commands.ts';
import type { InSameTransaction } from '../in-same-transaction.ts';
import type { Intake } from '../intake/commit.ts';
import { recordNotFound, UseCaseError } from '../use-case-error.ts';

/** After that nobody waits for the message any more. */
const VALID_FOR = DAY;

/**
 * Plans a delivery of its own that sends the message of another one again: one of which nobody knows whether it was sent,
 * or one that failed. The gates judge it when it is due; what they refuse is cancelled. A delivery is repeated once.
 *
 * @returns the id of the repeat: of a new one, or of the first
 * @throws UseCaseError `not_found`, `marketing_repeat`, `delivery_state`, `erased`
 */
export async function repeatDelivery(
  intake: Intake & { db: Database },
  workspace: string,
  id: string,
  request: { reason: string; actor: string },
  inSameTransaction?: InSameTransaction<string>,
): Promise<string> {
  const row = await viewDelivery(intake.db.sql, workspace, id);
  if (!row) throw recordNotFound('delivery');
  if (row.repeatedBy !== null) return row.repeatedBy;
  checkRepeatable(row);
  const repeat = mintRepeatId(id);
  const { action, channel, enrollmentId, customerId } = row;
  const properties = {
    delivery_id: repeat,
    repeats: id,
    action,
    channel,
    enrollment_id: enrollmentId,
    ...request,
  };
  const event = buildEvent(
    { workspace, messageId: `${repeat}/${EVENT.deliveryRepeated}` },
    customerId,
    EVENT.deliveryRepeated,
    properties,
  );
  await appendCommands(intake, [event], async (tx) => {
    const now = Date.now();
    await planRepeat(tx, id, { id: repeat, at: now, notAfter: now + VALID_FOR });
    await inSameTransaction?.(tx, repeat);
  });
  return repeat;
}

function checkRepeatable({ class: actionClass, state }: DeliveryView): void {
  if (actionClass === 'marketing')
    throw new UseCaseError('unprocessable', 'marketing_repeat', 'marketing messages are not repeated');
  if (state !== 'unknown' && state !== 'failed')
    throw new UseCaseError(
      'conflict',
      'delivery_state',
      'only a delivery that is unknown or failed can be repeated',
      { extra: { state } },
    );
}
