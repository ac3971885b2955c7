import { uuidv7 } from 'uuidv7';
import type { Tx } from '../../../db/client.ts';
import { lockWorkspaces, type WorkspaceLock } from '../../../db/config/lock-workspaces.ts';
import { appendConsents } from '../../../db/customers/append-consents.ts';
import { type LockedCustomer, lockOrCreateCustomers } from '../../../db/customers/lock-customers.ts';
import { saveCustomers } from '../../../db/customers/save-customers.ts';
import { appendEvents } from '../../../db/events/append-events.ts';
import {
  closeMergedCustomer,
  type JourneyPosition,
  lockJourneys,
  moveEvents,
  readConsents,
  readIdsMergedInto,
  repointRecords,
  saveMerge,
} from '../../../db/identity/merge-customers.ts';
import { readRoots } from '../../../db/identity/roots.ts';
import { readTickets, saveTickets } from '../../../db/tickets/tickets.ts';
import { requestWakes } from '../../../db/wakes/request-wakes.ts';
import { mergeProfiles, stricterConsents } from '../../domain/customer/merge-profile.ts';
import { readEmail } from '../../domain/customer/profile.ts';
import { EVENT } from '../../domain/event.ts';
import { upgradeState } from '../../domain/state.ts';
import { resolveTicket } from '../../domain/ticket.ts';
import type { MergePayload } from '../../engine/journey/merge/merge-states.ts';
import type { Intake } from '../intake/accept.ts';
import { retryTransaction } from '../intake/retry-transaction.ts';
import { computePersonKey } from './person-key.ts';
import { IdentityRace } from './resolve-identities.ts';
import { buildSystemEvent, foldSystemEvent } from './system-event.ts';

export interface MergeRequest {
  workspace: string;
  /** It answers for nothing any more, but its id leads to the winner for ever. */
  loser: string;
  winner: string;
  /** Who or what wants it. */
  actor: string;
  /** Why: `identify`, `alias`, or an agent's word. */
  reason: string;
}

export type MergeRefusal = 'same_customer' | 'unknown_customer' | 'other_workspace' | 'erased';

/** What became of a merge. `seq` is that of `Customer Merged` in the winner's log; `moved` events follow it there. */
export type MergeResult =
  | { ok: true; mergeId: string; winner: string; loser: string; seq: number; moved: number }
  | { ok: false; reason: MergeRefusal; message: string };

/** Picks out of two locked roots, or refuses with null. */
export type ChooseWinner = (tx: Tx, one: LockedCustomer, other: LockedCustomer) => Promise<MergePair | null>;
export interface MergePair {
  winner: LockedCustomer;
  loser: LockedCustomer;
}

/**
 * Makes two customers one, in one transaction under both customers' and both journeys' locks (correctness 15). An id
 * that was merged before stands for the customer who answers for it. Nobody else's time or money is lost: untaken
 * events go on in the winner's log, tickets and effects under way are the winner's, caps add up, the stricter consent
 * and pause hold.
 */
export async function mergeCustomers(intake: Intake, request: MergeRequest): Promise<MergeResult> {
  const { workspace, loser, winner, actor, reason: because } = request;
  const merged = await mergePair(
    intake,
    { workspace, firstId: winner, secondId: loser, actor, reason: because },
    (_, a, b) => Promise.resolve({ winner: a, loser: b }),
  );
  // Who names the winner is never refused by the choice.
  return merged as MergeResult;
}

export interface PairMergeRequest {
  workspace: string;
  firstId: string;
  secondId: string;
  actor: string;
  reason: string;
}

/** The same where the winner is chosen under the locks. Null: they aren't to be merged. */
export function mergePair(
  intake: Intake,
  request: PairMergeRequest,
  pick: ChooseWinner,
  together?: (tx: Tx) => Promise<void>,
): Promise<MergeResult | null> {
  return retryTransaction(
    () =>
      intake.db.sql.begin(async (tx) => {
        const merged = await mergeLocked(tx, intake, request, pick);
        await together?.(tx);
        return merged;
      }) as Promise<MergeResult | null>,
  );
}

async function mergeLocked(
  tx: Tx,
  intake: Intake,
  request: PairMergeRequest,
  pick: ChooseWinner,
): Promise<MergeResult | null> {
  const { workspace, actor, reason: because } = request;
  const workspaces = await lockWorkspaces(tx, [workspace]);
  const roots = await lockPair(tx, request);
  if ('reason' in roots) return roots;
  const picked = await pick(tx, roots.one, roots.other);
  if (!picked) return null;
  const { winner, loser } = picked;
  const journeys = await lockJourneys(tx, [winner.id, loser.id]);
  const mergeId = `mrg_${uuidv7().replaceAll('-', '')}`;
  const lock = workspaces.get(workspace) as WorkspaceLock;
  const { seq, moved } = await unite(tx, intake, picked, journeys, lock, { mergeId, actor, because });
  await saveMerge(tx, { id: mergeId, workspace, winner: winner.id, loser: loser.id, reason: because, actor });
  return { ok: true, mergeId, winner: winner.id, loser: loser.id, seq, moved };
}

/** Locks the roots of both, with every id that leads to them, in one order; asks again under the locks whether they are. */
async function lockPair(
  tx: Tx,
  { workspace, firstId: one, secondId: other }: PairMergeRequest,
): Promise<{ one: LockedCustomer; other: LockedCustomer } | Extract<MergeResult, { ok: false }>> {
  const known = await readRoots(tx, [one, other]);
  const [a, b] = [known.get(one), known.get(other)];
  if (!a || !b)
    return refuse('unknown_customer', `there is no customer ${a ? other : one}: look both ids up first`);
  if (a.workspace !== workspace || b.workspace !== workspace)
    return refuse(
      'other_workspace',
      'customers of two workspaces are never merged: a group shares caps instead',
    );
  if (a.root === b.root) return refuse('same_customer', `${one} and ${other} are one customer already`);
  const ids = [...new Set([a.root, b.root, ...(await readIdsMergedInto(tx, [a.root, b.root]))])];
  const locked = await lockOrCreateCustomers(
    tx,
    ids.map((id) => ({ id, workspace })),
  );
  const [first, second] = [locked.get(a.root), locked.get(b.root)] as [LockedCustomer, LockedCustomer];
  if (first.mergedInto !== null || second.mergedInto !== null)
    throw new IdentityRace('one of them was merged meanwhile');
  if (first.erased || second.erased)
    return refuse('erased', `${first.erased ? one : other} was erased: nothing is kept that could be merged`);
  return { one: first, other: second };
}

function refuse(reason: MergeRefusal, message: string): Extract<MergeResult, { ok: false }> {
  return { ok: false, reason, message };
}

async function unite(
  tx: Tx,
  intake: Intake,
  { winner, loser }: MergePair,
  journeys: Map<string, JourneyPosition>,
  lock: WorkspaceLock,
  why: { mergeId: string; actor: string; because: string },
): Promise<{ seq: number; moved: number }> {
  const stood = journeys.get(loser.id) as JourneyPosition;
  const before = winner.seq;
  const seq = before + 1;
  const now = lock.acceptedAt;
  const merged: MergePayload = {
    customerId: loser.id,
    knownSince: loser.knownSince,
    state: upgradeState(stood.state),
    intoKnownSince: winner.knownSince,
  };
  const properties = { from: loser.id, into: winner.id, reason: why.because, actor: why.actor };
  const fact = buildSystemEvent(winner, {
    seq,
    messageId: `throughline/merge/${why.mergeId}`,
    name: EVENT.merged,
    at: now,
    properties,
    context: { merged },
  });
  await appendEvents(tx, [fact]);
  const moved = await moveEvents(tx, {
    from: loser.id,
    afterSeq: stood.processedSeq,
    to: winner.id,
    toSeq: seq,
  });
  const after = seq + moved;
  const profile = mergeProfiles(winner.profile, loser.profile);
  foldSystemEvent(profile, fact);
  const email = readEmail(profile) ?? null;
  const accountId = winner.accountId ?? loser.accountId;
  const contact = computePersonKey(intake.secret, lock.groupId, email);
  const paused = stricterPause(winner.paused, loser.paused);
  await saveCustomers(tx, [
    { id: winner.id, seq: after, profile, email, paused, accountId, personKey: contact },
  ]);
  await uniteTickets(tx, winner, loser);
  await uniteConsents(tx, winner, loser, now, seq);
  await repointRecords(tx, loser.id, winner.id);
  await closeMergedCustomer(tx, { id: loser.id, seq: loser.seq - moved }, winner.id);
  await requestWakes(tx, [{ customerId: winner.id, workspace: winner.workspace, before, after }]);
  return { seq, moved };
}

/** Whoever is paused stays so; of two pauses the one that has held for longer. */
function stricterPause(a: LockedCustomer['paused'], b: LockedCustomer['paused']): LockedCustomer['paused'] {
  if (!a || !b) return a ?? b;
  return a.since <= b.since ? a : b;
}

async function uniteTickets(tx: Tx, winner: LockedCustomer, loser: LockedCustomer): Promise<void> {
  const all = await readTickets(tx, [winner.id, loser.id]);
  const own = new Map(all.filter((t) => t.customerId === winner.id).map((t) => [t.id, t]));
  const united = all
    .filter((t) => t.customerId === loser.id)
    .map((ticket) => {
      const known = own.get(ticket.id);
      const newer = resolveTicket(known && { ...known, ownerId: null }, { ...ticket, ownerId: null });
      const { accountId, personKey: contact } = known?.accountId ? known : ticket;
      return { ...newer, customerId: winner.id, workspace: winner.workspace, accountId, personKey: contact };
    });
  if (united.length > 0) await saveTickets(tx, united);
}

async function uniteConsents(
  tx: Tx,
  winner: LockedCustomer,
  loser: LockedCustomer,
  at: number,
  seq: number,
): Promise<void> {
  const [ours, theirs] = [await readConsents(tx, winner.id), await readConsents(tx, loser.id)];
  const stricter = stricterConsents(ours, theirs, at, seq);
  if (stricter.length > 0)
    await appendConsents(
      tx,
      stricter.map((one) => ({ ...one, customerId: winner.id })),
    );
}
