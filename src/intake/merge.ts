import { uuidv7 } from 'uuidv7';
import type { Tx } from '../../db/client.ts';
import { appendConsents } from '../../db/queries/append-consents.ts';
import { appendEvents } from '../../db/queries/append-events.ts';
import { type LockedCustomer, lockCustomers } from '../../db/queries/lock-customers.ts';
import { lockWorkspaces, type WorkspaceLock } from '../../db/queries/lock-workspaces.ts';
import {
  closeLoser,
  lockJourneys,
  moveEvents,
  readAliases,
  readConsents,
  repoint,
  type StoodAt,
  saveMerge,
} from '../../db/queries/merge-customers.ts';
import { raiseWakes } from '../../db/queries/raise-wakes.ts';
import { readRoots } from '../../db/queries/read-roots.ts';
import { saveCustomers } from '../../db/queries/save-customers.ts';
import { readTickets, saveTickets } from '../../db/queries/tickets.ts';
import { EVENT } from '../domain/event.ts';
import type { MergedFrom } from '../domain/merge.ts';
import { mergeProfiles, stricterConsents } from '../domain/merge-profile.ts';
import { emailOf } from '../domain/profile.ts';
import { upgradeState } from '../domain/state.ts';
import { newerTicket } from '../domain/ticket.ts';
import type { Intake } from './accept.ts';
import { contactOf } from './contact.ts';
import { factRow, foldFact } from './fact-row.ts';
import { IdentityRace } from './identity.ts';
import { tryAgain } from './try-again.ts';

export interface MergeRequest {
  workspace: string;
  /** It answers for nothing any more, but its id leads to the winner for ever. */
  loser: string;
  winner: string;
  /** Who or what wants it. */
  actor: string;
  /** Why: `identify`, `alias`, or an agent's word. */
  because: string;
}

export type MergeRefusal = 'same_customer' | 'unknown_customer' | 'other_workspace' | 'erased';

/** What became of a merge. `seq` is that of `Customer Merged` in the winner's log; `moved` events follow it there. */
export type Merged =
  | { ok: true; mergeId: string; winner: string; loser: string; seq: number; moved: number }
  | { ok: false; reason: MergeRefusal; message: string };

/** Picks out of two locked roots, or refuses with null. */
export type PickWinner = (tx: Tx, one: LockedCustomer, other: LockedCustomer) => Promise<Pick | null>;
export interface Pick {
  winner: LockedCustomer;
  loser: LockedCustomer;
}

/**
 * Makes two customers one, in one transaction under both customers' and both journeys' locks (correctness 15). An id
 * that was merged before stands for the customer who answers for it. Nobody else's time or money is lost: untaken
 * events go on in the winner's log, tickets and effects under way are the winner's, caps add up, the stricter consent
 * and pause hold.
 */
export async function mergeCustomers(intake: Intake, request: MergeRequest): Promise<Merged> {
  const { workspace, loser, winner, actor, because } = request;
  const merged = await mergePair(
    intake,
    { workspace, one: winner, other: loser, actor, because },
    (_, a, b) => Promise.resolve({ winner: a, loser: b }),
  );
  // Who names the winner is never refused by the choice.
  return merged as Merged;
}

export interface PairRequest {
  workspace: string;
  one: string;
  other: string;
  actor: string;
  because: string;
}

/** The same where the winner is chosen under the locks. Null: they aren't to be merged. */
export function mergePair(
  intake: Intake,
  request: PairRequest,
  pick: PickWinner,
  together?: (tx: Tx) => Promise<void>,
): Promise<Merged | null> {
  return tryAgain(
    () =>
      intake.db.sql.begin(async (tx) => {
        const merged = await mergeLocked(tx, intake, request, pick);
        await together?.(tx);
        return merged;
      }) as Promise<Merged | null>,
  );
}

async function mergeLocked(
  tx: Tx,
  intake: Intake,
  request: PairRequest,
  pick: PickWinner,
): Promise<Merged | null> {
  const { workspace, actor, because } = request;
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
  await saveMerge(tx, { id: mergeId, workspace, winner: winner.id, loser: loser.id, because, actor });
  return { ok: true, mergeId, winner: winner.id, loser: loser.id, seq, moved };
}

/** Locks the roots of both, with every id that leads to them, in one order; asks again under the locks whether they are. */
async function lockPair(
  tx: Tx,
  { workspace, one, other }: PairRequest,
): Promise<{ one: LockedCustomer; other: LockedCustomer } | Extract<Merged, { ok: false }>> {
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
  const ids = [...new Set([a.root, b.root, ...(await readAliases(tx, [a.root, b.root]))])];
  const locked = await lockCustomers(
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

function refuse(reason: MergeRefusal, message: string): Extract<Merged, { ok: false }> {
  return { ok: false, reason, message };
}

async function unite(
  tx: Tx,
  intake: Intake,
  { winner, loser }: Pick,
  journeys: Map<string, StoodAt>,
  lock: WorkspaceLock,
  why: { mergeId: string; actor: string; because: string },
): Promise<{ seq: number; moved: number }> {
  const stood = journeys.get(loser.id) as StoodAt;
  const before = winner.seq;
  const seq = before + 1;
  const now = lock.acceptedAt;
  const merged: MergedFrom = {
    customerId: loser.id,
    knownSince: loser.knownSince,
    state: upgradeState(stood.state),
    intoKnownSince: winner.knownSince,
  };
  const properties = { from: loser.id, into: winner.id, reason: why.because, actor: why.actor };
  const fact = factRow(winner, {
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
    afterSeq: stood.tookSeq,
    to: winner.id,
    toSeq: seq,
  });
  const after = seq + moved;
  const profile = mergeProfiles(winner.profile, loser.profile);
  foldFact(profile, fact);
  const email = emailOf(profile) ?? null;
  const accountId = winner.accountId ?? loser.accountId;
  const contact = contactOf(intake.secret, lock.groupId, email);
  const paused = stricterPause(winner.paused, loser.paused);
  await saveCustomers(tx, [{ id: winner.id, seq: after, profile, email, paused, accountId, contact }]);
  await uniteTickets(tx, winner, loser);
  await uniteConsents(tx, winner, loser, now, seq);
  await repoint(tx, loser.id, winner.id);
  await closeLoser(tx, { id: loser.id, seq: loser.seq - moved }, winner.id);
  await raiseWakes(tx, [{ customer_id: winner.id, workspace: winner.workspace, before, after }]);
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
      const newer = newerTicket(known && { ...known, of: null }, { ...ticket, of: null });
      const { accountId, contact } = known?.accountId ? known : ticket;
      return { ...newer, customerId: winner.id, workspace: winner.workspace, accountId, contact };
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
