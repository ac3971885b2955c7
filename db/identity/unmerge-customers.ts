import type { JourneyEvent } from '../../src/domain/event.ts';
import type { JourneyState } from '../../src/domain/state.ts';
import type { Tx } from '../client.ts';
import { columnList, selectColumns } from '../columns.ts';
import { merges, tickets } from '../schema.ts';
import { TICKET_COLUMNS } from '../tickets/tickets.ts';
import { MERGE_COLUMNS, type MergeRow } from './merge-customers.ts';

/** The merge in which this id was the loser, unless it was undone. */
export async function readMerge(tx: Tx, workspace: string, loser: string): Promise<MergeRow | null> {
  const [row] = await tx<MergeRow[]>`
    select ${selectColumns(tx, merges, MERGE_COLUMNS)} from merges
    where workspace = ${workspace} and loser = ${loser} and unmerged_at is null`;
  return row ?? null;
}

/**
 * The id itself and all ids that were merged into it before, or that an unmerge created from one of them. An unmerge
 * keeps them together.
 */
export async function readMergedLineage(tx: Tx, loser: string): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    with recursive kin as (
      select ${loser}::text as id
      union
      select m.loser from merges m join kin k on (m.winner = k.id and m.unmerged_at is null) or m.unmerged_into = k.id
    ) select id from kin order by id`;
  return rows.map((row) => row.id);
}

/** An event, as far as folding a profile needs it. */
export type FoldedEvent = Omit<JourneyEvent, 'messageId' | 'acceptedAt' | 'origin'> & {
  /** Whether the event that it repeats is one of another customer. */
  repeatsOther: boolean;
};

const PAGE = 1_000;

/**
 * All events that were accepted for these customers, in their own logs or, after a merge, in another's. In the order of
 * acceptance, page by page.
 */
export async function* readOriginalEvents(tx: Tx, ids: string[]): AsyncGenerator<FoldedEvent[]> {
  const isTheirs = (
    event: string,
  ) => tx`((${tx(`${event}.customer_id`)} = any(${ids}) and ${tx(`${event}.origin`)} is null)
    or ${tx(`${event}.origin`)} = any(${ids}))`;
  // Batches may commit in another order than they were accepted in. So an event never comes before an earlier one of its log.
  yield* tx<FoldedEvent[]>`
    select id, repeats, seq, type, name, (extract(epoch from at) * 1000)::bigint as at, historical, source,
           body -> 'properties' as properties, body -> 'traits' as traits, body -> 'context' as context,
           body ->> 'anonymousId' as "anonymousId", body -> 'unproven' as unproven,
           repeats is not null and not exists (
             select 1 from events o where o.id = e.repeats and ${isTheirs('o')}) as "repeatsOther"
    from events e
    where ${isTheirs('e')}
    order by max(accepted_at) over (partition by customer_id order by seq), customer_id, seq`.cursor(PAGE);
}

/** Binds the identities that the loser had to the new customer. */
export async function returnIdentities(
  tx: Tx,
  { loser, kin, root, to }: { loser: string; kin: string[]; root: string; to: string },
): Promise<void> {
  await tx`
    update identities set customer_id = ${to}, origin = nullif(origin, ${loser})
    where customer_id = ${root} and origin = any(${kin})`;
  await tx`update customers set merged_into = ${to} where id = any(${kin})`;
}

/** Returns the inbox items of the loser: what was written to one person is not for the other to read. */
export async function returnInboxItems(
  tx: Tx,
  { loser, kin, root, to }: { loser: string; kin: string[]; root: string; to: string },
): Promise<void> {
  await tx`
    update inbox_items set customer_id = ${to}, origin = nullif(origin, ${loser})
    where customer_id = ${root} and origin = any(${kin})`;
}

const COPIED_TICKET_COLUMNS = TICKET_COLUMNS.filter((name) => name !== 'customerId' && name !== 'seq');

/** Copies tickets and consents, so that both customers stay suppressed. */
export async function copyTicketsAndConsents(
  tx: Tx,
  { from, fromSeq, to }: { from: string; fromSeq: number; to: string },
): Promise<void> {
  const copied = columnList(tx, tickets, COPIED_TICKET_COLUMNS);
  await tx`
    insert into tickets (customer_id, seq, ${copied})
    select ${to}, 0, ${copied} from tickets where customer_id = ${from} order by id`;
  // Their sequence numbers are below those of the new log, so that they differ from statements of the new log.
  await tx`
    insert into consents (customer_id, seq, purpose, channel, topic, status, source, at, speaker)
    select ${to}, seq - ${fromSeq} - 1, purpose, channel, topic, status, source, at, speaker
    from consents where customer_id = ${from}`;
}

/**
 * Completes the record of the customer that an unmerge creates. It keeps the creation time of the loser, and contacts
 * of `inherits.from` up to `inherits.until` count for it.
 */
export async function saveUnmergedCustomer(
  tx: Tx,
  heir: {
    id: string;
    of: string;
    inherits: { from: string; until: number };
    state: JourneyState;
    lastNow: number;
  },
): Promise<void> {
  await tx`
    update customers h set inherits = ${JSON.stringify(heir.inherits)}::text::jsonb, created_at = l.created_at
    from customers l where h.id = ${heir.id} and l.id = ${heir.of}`;
  await tx`
    update journeys set state = ${JSON.stringify(heir.state)}::text::jsonb, state_version = ${heir.state.v},
      last_now = ${heir.lastNow}
    where customer_id = ${heir.id}`;
}

export async function recordUnmerge(
  tx: Tx,
  id: string,
  parted: { from: string; into: string },
): Promise<void> {
  await tx`
    update merges set unmerged_at = clock_timestamp(), unmerged_from = ${parted.from}, unmerged_into = ${parted.into}
    where id = ${id}`;
}
