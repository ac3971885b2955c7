import type { Tx } from '../../../db/client.ts';
import { lockWorkspaces, type WorkspaceLock } from '../../../db/config/lock-workspaces.ts';
import { type LockedCustomer, lockOrCreateCustomers } from '../../../db/customers/lock-customers.ts';
import { saveCustomers } from '../../../db/customers/save-customers.ts';
import { appendEvents } from '../../../db/events/append-events.ts';
import { lockJourneys, readIdsMergedInto } from '../../../db/identity/merge-customers.ts';
import { readRoots } from '../../../db/identity/roots.ts';
import {
  copyTicketsAndConsents,
  readMerge,
  readMergedLineage,
  recordUnmerge,
  returnIdentities,
  saveUnmergedCustomer,
} from '../../../db/identity/unmerge-customers.ts';
import { requestWakes } from '../../../db/wakes/request-wakes.ts';
import { readEmail } from '../../domain/customer/profile.ts';
import { EVENT } from '../../domain/event.ts';
import { emptyState, type JourneyState, upgradeState } from '../../domain/state.ts';
import type { Intake } from '../intake/accept.ts';
import { retryTransaction } from '../intake/retry-transaction.ts';
import { computePersonKey } from './person-key.ts';
import { type RefoldedProfile, refoldProfile } from './refold-profile.ts';
import { IdentityRace, mintCustomerId } from './resolve-identities.ts';
import { buildSystemEvent, foldSystemEvent } from './system-event.ts';

export interface UnmergeRequest {
  workspace: string;
  /** The id that was lost in the merge. */
  loser: string;
  actor: string;
  reason: string;
}

/** What became of it. `customerId` is the new customer's: the lost id isn't revived, and leads to the new one. */
export type UnmergeResult =
  | { ok: true; customerId: string; from: string; seq: number }
  | { ok: false; reason: 'not_merged' | 'erased'; message: string };

/**
 * Takes two customers apart again who were never one (correctness 16). A new customer gets what came for the lost
 * one, before the merge and since; both profiles are folded anew. What protects holds for both: open tickets, the
 * stricter consent, the pause, the contacts so far, the experiment's arm. Enrollments and what is under way stay.
 */
export async function unmergeCustomers(intake: Intake, request: UnmergeRequest): Promise<UnmergeResult> {
  return retryTransaction(
    () => intake.db.sql.begin((tx) => unmergeLocked(tx, intake, request)) as Promise<UnmergeResult>,
  );
}

async function unmergeLocked(tx: Tx, intake: Intake, request: UnmergeRequest): Promise<UnmergeResult> {
  const { workspace, loser, actor, reason: because } = request;
  const lock = (await lockWorkspaces(tx, [workspace])).get(workspace);
  const merge = await readMerge(tx, workspace, loser);
  const root = (await readRoots(tx, [loser])).get(loser)?.root;
  if (!lock || !merge || root === undefined) {
    const message = `${loser} isn't merged into anybody in this workspace: name the id that was lost`;
    return { ok: false, reason: 'not_merged', message };
  }
  const heirId = mintCustomerId();
  const aliases = await readIdsMergedInto(tx, [root]);
  const ids = [root, heirId, ...aliases];
  const customers = await lockOrCreateCustomers(
    tx,
    ids.map((id) => ({ id, workspace })),
  );
  const winner = customers.get(root) as LockedCustomer;
  if (winner.erased) return { ok: false, reason: 'erased', message: `${root} was erased` };
  if (winner.mergedInto !== null || customers.get(loser)?.mergedInto !== root)
    throw new IdentityRace('they were merged again meanwhile');

  const kin = await readMergedLineage(tx, loser);
  const heir = customers.get(heirId) as LockedCustomer;
  const journey = (await lockJourneys(tx, [root, heirId])).get(root);
  const state = upgradeState(journey?.state ?? null);
  const lastNow = journey?.lastNow ?? 0;
  const bundle = lock.configVersion > 0 ? await intake.bundles(tx, workspace, lock.configVersion) : null;
  const staying = [root, ...aliases.filter((id) => !kin.includes(id))];
  const ours = await refoldProfile(tx, staying, bundle);
  const theirs = await refoldProfile(tx, kin, bundle);

  const seq = winner.seq + 1;
  const told = (customer: LockedCustomer, at: number, { profile }: RefoldedProfile) => {
    const row = buildSystemEvent(customer, {
      seq: at,
      messageId: `throughline/unmerge/${merge.id}/${customer.id}`,
      name: EVENT.unmerged,
      at: lock.acceptedAt,
      properties: { from: root, lost: loser, into: heirId, reason: because, actor },
    });
    foldSystemEvent(profile, row);
    return row;
  };
  await appendEvents(tx, [told(winner, seq, ours), told(heir, 1, theirs)]);
  await saveCustomers(tx, [
    rowOf({ ...winner, seq }, ours, intake, lock),
    rowOf({ ...heir, seq: 1, paused: winner.paused }, theirs, intake, lock),
  ]);
  await returnIdentities(tx, { loser, kin, root, to: heirId });
  await copyTicketsAndConsents(tx, { from: root, fromSeq: winner.seq, to: heirId });
  await saveUnmergedCustomer(tx, {
    id: heirId,
    of: loser,
    inherits: { from: root, until: Math.max(lock.acceptedAt, lastNow) },
    state: heirState(state, root),
    lastNow,
  });
  await recordUnmerge(tx, merge.id, { from: root, into: heirId });
  await requestWakes(tx, [
    { customerId: root, workspace, before: winner.seq, after: seq },
    { customerId: heirId, workspace, before: 0, after: 1 },
  ]);
  return { ok: true, customerId: heirId, from: root, seq };
}

/** Segments and dates as last seen, so that nobody comes into them by an unmerge alone; the arm; the silence. */
function heirState(state: JourneyState, root: string): JourneyState {
  const { segments, dates, stage, quietUntil } = state;
  return { ...emptyState(), segments, dates, stage, quietUntil, seed: state.seed ?? root };
}

function rowOf(customer: LockedCustomer, folded: RefoldedProfile, intake: Intake, lock: WorkspaceLock) {
  const { id, seq, paused } = customer;
  const email = readEmail(folded.profile) ?? null;
  const contact = computePersonKey(intake.secret, lock.groupId, email);
  return { id, seq, profile: folded.profile, email, paused, accountId: folded.accountId, personKey: contact };
}
