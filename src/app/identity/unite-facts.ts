import type { Tx } from '../../../db/client.ts';
import { markRepeats, moveKnownFacts, readSharedFacts } from '../../../db/events/known-facts.ts';
import { isSameFact } from '../../domain/fact-identity.ts';

/**
 * Unites the facts of two customers that become one. A fact in both logs is one fact from now on: the event that
 * was accepted later repeats the other, so that what is still to be processed triggers nothing a second time.
 *
 * @returns the names of events that repeat a fact of the other log, so that both profiles have counted it; null: there
 * is no fact in both logs
 */
export async function uniteFacts(tx: Tx, winner: string, loser: string): Promise<string[] | null> {
  const repeats = new Map<string, string>();
  for (const { content, at, eventIds } of await readSharedFacts(tx, winner, loser)) {
    const [first, second] = [0, 1].map((side) => ({
      content: content[side] as string,
      at: at[side] as number,
      eventId: eventIds[side] as string,
    })) as [FactOfSide, FactOfSide];
    if (first.eventId === second.eventId || !isSameFact(first, second)) continue;
    // Ids of events are ordered by the time of acceptance.
    const [original, repeat] = [first.eventId, second.eventId].sort() as [string, string];
    repeats.set(repeat, original);
  }
  const repeated = repeats.size > 0 ? await markRepeats(tx, [winner, loser], repeats) : null;
  await moveKnownFacts(tx, loser, winner);
  return repeated;
}

type FactOfSide = Parameters<typeof isSameFact>[0];
