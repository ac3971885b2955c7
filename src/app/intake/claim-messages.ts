import type { Tx } from '../../../db/client.ts';
import {
  type ClaimedContent,
  claimKey,
  claimMessageIds,
  findSameContents,
} from '../../../db/events/message-ids.ts';
import { isStorable } from '../../domain/values/inspect-value.ts';
import { IdentityRace } from '../identity/resolve-identities.ts';
import type { BatchEntry } from './batch-entry.ts';
import { digestContent } from './content-digest.ts';
import { type Refusal, RefusedEvents } from './refused-events.ts';

const MESSAGE_ID_CONFLICT: Refusal = {
  code: 'message_id_conflict',
  reason: 'another event with this messageId was accepted before',
};

/** Its code is that of Postgres for text that it cannot store, so that the event is rejected alone. */
class UnstorableIdError extends Error {
  readonly code = '22021';
  override message = 'the message id holds U+0000 or half a surrogate pair';
}

/**
 * Claims the batch's message ids. Returns the entries whose id is new to the log, each id once. The others repeat them,
 * or events of the log.
 *
 * @throws UnstorableIdError when the driver would claim another id than the event's
 * @throws RefusedEvents when an event has the id of one with another content
 */
export async function claimMessages(
  tx: Tx,
  entries: readonly BatchEntry[],
  acceptedAt: Date,
): Promise<BatchEntry[]> {
  if (entries.some(({ event }) => !isStorable(event.messageId))) throw new UnstorableIdError();
  const claims = entries.map(({ event, customerId, position }) => ({
    workspace: event.workspace,
    messageId: event.messageId,
    customerId,
    position,
    content: digestContent(event),
  }));
  const first = new Map(claims.toReversed().map((claim) => [claimKey(claim), claim]));
  const fresh = await claimMessageIds(tx, [...first.values()], acceptedAt);
  const isFirst = (claim: Claim) => first.get(claimKey(claim)) === claim;
  const isFresh = (claim: Claim) => fresh.has(claimKey(claim));
  const repeated = claims.filter((claim) => !isFresh(claim));
  const stored = repeated.length === 0 ? [] : await findSameContents(tx, repeated);
  if (stored.length < repeated.length) throw new IdentityRace('an event was erased meanwhile');
  const conflicts = [
    ...claims.filter(
      (claim) => isFresh(claim) && !isSame(claim.content, first.get(claimKey(claim))?.content ?? null),
    ),
    ...repeated.filter((_, n) => stored[n] === false),
  ];
  if (conflicts.length > 0)
    throw new RefusedEvents(new Map(conflicts.map(({ position }) => [position, MESSAGE_ID_CONFLICT])));
  const accepted = new Set(claims.filter((claim) => isFirst(claim) && isFresh(claim)).map((c) => c.position));
  return entries.filter((entry) => accepted.has(entry.position));
}

interface Claim extends ClaimedContent {
  position: number;
}

function isSame(left: string | null, right: string | null): boolean {
  return left === null || right === null || left === right;
}
