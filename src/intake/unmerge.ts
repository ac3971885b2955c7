import type { Tx } from '../../db/client.ts';
import { appendEvents } from '../../db/queries/append-events.ts';
import { type LockedCustomer, lockCustomers } from '../../db/queries/lock-customers.ts';
import { lockWorkspaces, type WorkspaceLock } from '../../db/queries/lock-workspaces.ts';
import { lockJourneys, readAliases } from '../../db/queries/merge-customers.ts';
import { raiseWakes } from '../../db/queries/raise-wakes.ts';
import { readRoots } from '../../db/queries/read-roots.ts';
import { saveCustomers } from '../../db/queries/save-customers.ts';
import {
  copySilence,
  endMerge,
  giveBackIdentities,
  readKin,
  readMerge,
  saveHeir,
} from '../../db/queries/unmerge-customers.ts';
import { EVENT } from '../domain/event.ts';
import { emailOf } from '../domain/profile.ts';
import { emptyState, type JourneyState, upgradeState } from '../domain/state.ts';
import type { Intake } from './accept.ts';
import { contactOf } from './contact.ts';
import { factRow, foldFact } from './fact-row.ts';
import { IdentityRace, mintCustomerId } from './identity.ts';
import { type Refolded, refold } from './refold.ts';
import { tryAgain } from './try-again.ts';

export interface UnmergeRequest {
  workspace: string;
  /** The id that was lost in the merge. */
  loser: string;
  actor: string;
  because: string;
}

/** What became of it. `customerId` is the new customer's: the lost id isn't revived, and leads to the new one. */
export type Unmerged =
  | { ok: true; customerId: string; from: string; seq: number }
  | { ok: false; reason: 'not_merged' | 'erased'; message: string };

/**
 * Takes two customers apart again who were never one (correctness 16). A new customer gets what came for the lost
 * one, before the merge and since; both profiles are folded anew. What protects holds for both: open tickets, the
 * stricter consent, the pause, the contacts so far, the experiment's arm. Enrollments and what is under way stay.
 */
export async function unmergeCustomers(intake: Intake, request: UnmergeRequest): Promise<Unmerged> {
  return tryAgain(() => intake.db.sql.begin((tx) => unmergeLocked(tx, intake, request)) as Promise<Unmerged>);
}

async function unmergeLocked(tx: Tx, intake: Intake, request: UnmergeRequest): Promise<Unmerged> {
  const { workspace, loser, actor, because } = request;
  const lock = (await lockWorkspaces(tx, [workspace])).get(workspace);
  const merge = await readMerge(tx, workspace, loser);
  const root = (await readRoots(tx, [loser])).get(loser)?.root;
  if (!lock || !merge || root === undefined) {
    const message = `${loser} isn't merged into anybody in this workspace: name the id that was lost`;
    return { ok: false, reason: 'not_merged', message };
  }
  const heirId = mintCustomerId();
  const aliases = await readAliases(tx, [root]);
  const ids = [root, heirId, ...aliases];
  const customers = await lockCustomers(
    tx,
    ids.map((id) => ({ id, workspace })),
  );
  const winner = customers.get(root) as LockedCustomer;
  if (winner.erased) return { ok: false, reason: 'erased', message: `${root} was erased` };
  if (winner.mergedInto !== null || customers.get(loser)?.mergedInto !== root)
    throw new IdentityRace('they were merged again meanwhile');

  const kin = await readKin(tx, loser);
  const heir = customers.get(heirId) as LockedCustomer;
  const journey = (await lockJourneys(tx, [root, heirId])).get(root);
  const state = upgradeState(journey?.state ?? null);
  const lastNow = journey?.lastNow ?? 0;
  const bundle = lock.configVersion > 0 ? await intake.bundles(tx, workspace, lock.configVersion) : null;
  const staying = [root, ...aliases.filter((id) => !kin.includes(id))];
  const ours = await refold(tx, staying, bundle);
  const theirs = await refold(tx, kin, bundle);

  const seq = winner.seq + 1;
  const told = (customer: LockedCustomer, at: number, { profile }: Refolded) => {
    const row = factRow(customer, {
      seq: at,
      messageId: `throughline/unmerge/${merge.id}/${customer.id}`,
      name: EVENT.unmerged,
      at: lock.acceptedAt,
      properties: { from: root, lost: loser, into: heirId, reason: because, actor },
    });
    foldFact(profile, row);
    return row;
  };
  await appendEvents(tx, [told(winner, seq, ours), told(heir, 1, theirs)]);
  await saveCustomers(tx, [
    rowOf({ ...winner, seq }, ours, intake, lock),
    rowOf({ ...heir, seq: 1, paused: winner.paused }, theirs, intake, lock),
  ]);
  await giveBackIdentities(tx, { loser, kin, root, to: heirId });
  await copySilence(tx, { from: root, fromSeq: winner.seq, to: heirId });
  await saveHeir(tx, {
    id: heirId,
    of: loser,
    inherits: { from: root, until: Math.max(lock.acceptedAt, lastNow) },
    state: heirState(state, root),
    lastNow,
  });
  await endMerge(tx, merge.id, { from: root, into: heirId });
  await raiseWakes(tx, [
    { customer_id: root, workspace, before: winner.seq, after: seq },
    { customer_id: heirId, workspace, before: 0, after: 1 },
  ]);
  return { ok: true, customerId: heirId, from: root, seq };
}

/** Segments and dates as last seen, so that nobody comes into them by an unmerge alone; the arm; the silence. */
function heirState(state: JourneyState, root: string): JourneyState {
  const { segments, dates, stage, quietUntil } = state;
  return { ...emptyState(), segments, dates, stage, quietUntil, seed: state.seed ?? root };
}

function rowOf(customer: LockedCustomer, folded: Refolded, intake: Intake, lock: WorkspaceLock) {
  const { id, seq, paused } = customer;
  const email = emailOf(folded.profile) ?? null;
  const contact = contactOf(intake.secret, lock.groupId, email);
  return { id, seq, profile: folded.profile, email, paused, accountId: folded.accountId, contact };
}
