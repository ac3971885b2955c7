import type { Tx } from '../../../db/client.ts';
import type { WorkspaceLock } from '../../../db/config/lock-workspaces.ts';
import { appendConsents } from '../../../db/customers/append-consents.ts';
import type { LockedCustomer } from '../../../db/customers/lock-customers.ts';
import { saveCustomers } from '../../../db/customers/save-customers.ts';
import { appendEvents } from '../../../db/events/append-events.ts';
import { haveCompleteLogs } from '../../../db/events/complete-logs.ts';
import {
  closeMergedCustomer,
  type JourneyPosition,
  moveEvents,
  readConsents,
  readIdsMergedInto,
  repointRecords,
} from '../../../db/identity/merge-customers.ts';
import { readTickets, saveTickets } from '../../../db/tickets/tickets.ts';
import { requestWakes } from '../../../db/wakes/request-wakes.ts';
import { mergeProfiles, stricterConsents } from '../../domain/customer/merge-profile.ts';
import { type Profile, readEmail } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';
import { EVENT } from '../../domain/event.ts';
import { upgradeState } from '../../domain/state.ts';
import { resolveTicket, ticketKey } from '../../domain/ticket.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { MergePayload } from '../../engine/journey/merge/merge-states.ts';
import { computePersonKey } from './person-key.ts';
import { refoldProfile } from './refold-profile.ts';
import { buildSystemEvent, foldSystemEvent } from './system-event.ts';
import { uniteFacts } from './unite-facts.ts';

interface Pair {
  winner: LockedCustomer;
  loser: LockedCustomer;
}

interface MergeContext {
  mergeId: string;
  actor: string;
  reason: string;
  /** The locked journeys of both customers. */
  journeys: Map<string, JourneyPosition>;
  workspaceLock: WorkspaceLock;
  secret: string | undefined;
  /** The active definitions; null before the first. */
  bundle: Bundle | null;
}

/**
 * Writes a merge: appends `Customer Merged` to the winner's log, moves the loser's unprocessed events behind it,
 * combines profiles, tickets and consents, and repoints every record of the loser. Both customers are locked.
 *
 * @returns the number of `Customer Merged` in the winner's log, and how many events were moved
 */
export async function combineCustomers(
  tx: Tx,
  { winner, loser }: Pair,
  context: MergeContext,
): Promise<{ seq: number; moved: number }> {
  const position = context.journeys.get(loser.id) as JourneyPosition;
  const before = winner.seq;
  const seq = before + 1;
  const now = context.workspaceLock.acceptedAt;
  const merged: MergePayload = {
    customerId: loser.id,
    knownSince: loser.knownSince,
    state: upgradeState(position.state),
    intoKnownSince: winner.knownSince,
  };
  const event = buildSystemEvent(winner, {
    seq,
    messageId: `throughline/merge/${context.mergeId}`,
    name: EVENT.merged,
    at: now,
    properties: { from: loser.id, into: winner.id, reason: context.reason, actor: context.actor },
    context: { merged },
  });
  await appendEvents(tx, [event]);
  const moved = await moveEvents(tx, {
    from: loser.id,
    afterSeq: position.processedSeq,
    to: winner.id,
    toSeq: seq,
  });
  const after = seq + moved;
  const repeated = await uniteFacts(tx, winner.id, loser.id);
  const profile = mergeProfiles(winner.profile, loser.profile, context.bundle?.room);
  foldSystemEvent(profile, event);
  if (repeated) await countAgain(tx, profile, { ids: [winner.id, loser.id], repeated }, context.bundle);
  const email = readEmail(profile) ?? null;
  const accountId = winner.accountId ?? loser.accountId;
  const personKey = computePersonKey(context.secret, context.workspaceLock.groupId, email);
  const paused = chooseStricterPause(winner.paused, loser.paused);
  await saveCustomers(tx, [
    { id: winner.id, before, seq: after, profile, email, paused, accountId, personKey },
  ]);
  await combineTickets(tx, winner, loser);
  await combineConsents(tx, winner, loser, now, seq);
  await repointRecords(tx, loser.id, winner.id);
  await closeMergedCustomer(tx, { id: loser.id, seq: loser.seq - moved }, winner.id);
  await requestWakes(tx, [{ customerId: winner.id, workspace: winner.workspace, before, after }]);
  return { seq, moved };
}

/**
 * Both profiles had counted the facts in both logs. So what is counted is folded again, from both logs. Where old months
 * were dropped, what repeats is taken off the counters instead; orders were united by their ids already.
 */
async function countAgain(
  tx: Tx,
  profile: Profile,
  { ids, repeated }: { ids: string[]; repeated: string[] },
  bundle: Bundle | null,
): Promise<void> {
  const all = [...ids, ...(await readIdsMergedInto(tx, ids))];
  if (!(await haveCompleteLogs(tx, all))) {
    for (const name of repeated) {
      const counter = getOwn(profile.counts, name);
      if (counter && counter.n > 1) counter.n--;
    }
    return;
  }
  const { profile: folded } = await refoldProfile(tx, all, bundle);
  for (const name of COUNTED) Object.assign(profile, { [name]: folded[name] });
}

/** What is counted from events, as opposed to what is stated about a customer. */
const COUNTED = [
  'counts',
  'touches',
  'cart',
  'emptiedAt',
  'cartLog',
  'orders',
  'older',
  'payments',
  'spend',
  'orderCount',
  'returns',
] as const satisfies readonly (keyof Profile)[];

type Pause = LockedCustomer['paused'];

/** A pause always survives a merge; of two pauses, the older one. */
function chooseStricterPause(a: Pause, b: Pause): Pause {
  if (!a || !b) return a ?? b;
  return a.since <= b.since ? a : b;
}

async function combineTickets(tx: Tx, winner: LockedCustomer, loser: LockedCustomer): Promise<void> {
  const tickets = await readTickets(tx, [winner.id, loser.id]);
  const winnersTickets = new Map(
    tickets.filter(({ customerId }) => customerId === winner.id).map((ticket) => [ticketKey(ticket), ticket]),
  );
  const combined = tickets
    .filter(({ customerId }) => customerId === loser.id)
    .map((ticket) => {
      const same = winnersTickets.get(ticketKey(ticket));
      const newer = resolveTicket(same && { ...same, ownerId: null }, { ...ticket, ownerId: null });
      const { accountId, personKey } = same?.accountId ? same : ticket;
      return { ...newer, customerId: winner.id, workspace: winner.workspace, accountId, personKey };
    });
  if (combined.length > 0) await saveTickets(tx, combined);
}

async function combineConsents(
  tx: Tx,
  winner: LockedCustomer,
  loser: LockedCustomer,
  at: number,
  seq: number,
): Promise<void> {
  const winnersConsents = await readConsents(tx, winner.id);
  const losersConsents = await readConsents(tx, loser.id);
  const stricter = stricterConsents(winnersConsents, losersConsents, at, seq);
  if (stricter.length > 0)
    await appendConsents(
      tx,
      stricter.map((consent) => ({ ...consent, customerId: winner.id })),
    );
}
