import type { JourneyEvent } from '../../src/domain/event.ts';
import type { JourneyState } from '../../src/domain/state.ts';
import type { Tx } from '../client.ts';
import type { MergeRow } from './merge-customers.ts';

/** The merge in which this id was lost, as long as it holds. */
export async function readMerge(tx: Tx, workspace: string, loser: string): Promise<MergeRow | null> {
  const [row] = await tx<MergeRow[]>`
    select id, workspace, winner, loser, reason, actor from merges
    where workspace = ${workspace} and loser = ${loser} and unmerged_at is null`;
  return row ?? null;
}

/** The id itself and those that led to it before it was merged, by a merge or as the heir of one: they stay one. */
export async function readMergedLineage(tx: Tx, loser: string): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    with recursive kin as (
      select ${loser}::text as id
      union
      select m.loser from merges m join kin k on (m.winner = k.id and m.unmerged_at is null) or m.unmerged_into = k.id
    ) select id from kin order by id`;
  return rows.map((row) => row.id);
}

/** An event as a profile is folded from it. */
export type FoldedEvent = Omit<JourneyEvent, 'messageId' | 'acceptedAt' | 'origin'>;

const PAGE = 1_000;

/**
 * Everything that came for these customers, in whichever log it stands: in their own, or since a merge in another's.
 * In the order of acceptance, page by page.
 */
export async function* readOriginalEvents(tx: Tx, ids: string[]): AsyncGenerator<FoldedEvent[]> {
  yield* tx<FoldedEvent[]>`
    select id, seq, type, name, (extract(epoch from at) * 1000)::bigint as at, historical, source,
           body -> 'properties' as properties, body -> 'traits' as traits, body -> 'context' as context
    from events
    where (customer_id = any(${ids}) and origin is null) or origin = any(${ids})
    order by accepted_at, customer_id, seq`.cursor(PAGE);
}

/** Gives the identities that were theirs to the new customer, as its own. */
export async function returnIdentities(
  tx: Tx,
  { loser, kin, root, to }: { loser: string; kin: string[]; root: string; to: string },
): Promise<void> {
  await tx`
    update identities set customer_id = ${to}, origin = nullif(origin, ${loser})
    where customer_id = ${root} and origin = any(${kin})`;
  await tx`update customers set merged_into = ${to} where id = any(${kin})`;
}

/** What silences one goes on silencing both. */
export async function copyTicketsAndConsents(
  tx: Tx,
  { from, fromSeq, to }: { from: string; fromSeq: number; to: string },
): Promise<void> {
  await tx`
    insert into tickets (customer_id, id, workspace, source, status, raw_status, severity, subject, version, seq,
                         opened_at, closed_at, quiet_until, product, account_id, person_key)
    select ${to}, id, workspace, source, status, raw_status, severity, subject, version, 0, opened_at, closed_at,
           quiet_until, product, account_id, person_key
    from tickets where customer_id = ${from} order by id`;
  // Numbers below those of the new log, in their order, so that no statement of its own is taken for one of these.
  await tx`
    insert into consents (customer_id, seq, purpose, channel, topic, status, source, at)
    select ${to}, seq - ${fromSeq} - 1, purpose, channel, topic, status, source, at
    from consents where customer_id = ${from}`;
}

/**
 * A new customer's record, as far as acceptance doesn't write it: known for as long as the one who was lost. Contacts
 * of `inherits.from` count for it up to then.
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
