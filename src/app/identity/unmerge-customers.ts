import type { Tx } from '../../../db/client.ts';
import { lockWorkspaces, type WorkspaceLock } from '../../../db/config/lock-workspaces.ts';
import { type LockedCustomer, lockOrCreateCustomers } from '../../../db/customers/lock-customers.ts';
import { saveCustomers } from '../../../db/customers/save-customers.ts';
import { appendEvents } from '../../../db/events/append-events.ts';
import { haveCompleteLogs } from '../../../db/events/complete-logs.ts';
import { divideKnownFacts } from '../../../db/events/known-facts.ts';
import { lockJourneys, readIdsMergedInto } from '../../../db/identity/merge-customers.ts';
import { readRoots } from '../../../db/identity/roots.ts';
import {
  copyTicketsAndConsents,
  readMerge,
  readMergedLineage,
  recordUnmerge,
  returnIdentities,
  returnInboxItems,
  saveUnmergedCustomer,
} from '../../../db/identity/unmerge-customers.ts';
import { requestWakes } from '../../../db/wakes/request-wakes.ts';
import { readEmail } from '../../domain/customer/profile.ts';
import { EVENT } from '../../domain/event.ts';
import { emptyState, type JourneyState, upgradeState } from '../../domain/state.ts';
import type { InSameTransaction } from '../in-same-transaction.ts';
import type { Intake } from '../intake/accept.ts';
import { retryTransaction } from '../intake/retry-transaction.ts';
import { computePersonKey } from './person-key.ts';
import { type RefoldedProfile, refoldProfile } from './refold-profile.ts';
import { IdentityRace, mintCustomerId } from './resolve-identities.ts';
import { buildSystemEvent, foldSystemEvent } from './system-event.ts';

export interface UnmergeRequest {
  workspace: string;
  /** The id that ended in the merge. */
  loser: string;
  actor: string;
  reason: string;
}

/** `customerId`: the new customer. The id that ended in the merge isn't used again; it leads to the new customer. */
export type UnmergeResult =
  | { ok: true; customerId: string; from: string; seq: number }
  | { ok: false; reason: 'not_merged' | 'not_kept' | 'erased'; message: string };

/**
 * Undoes a merge of two customers that are different people (correctness 16). A new customer receives every event that
 * came for the merged id, before the merge and since. Both profiles are folded again from their events. Whatever
 * protects a person is copied to the new customer: open tickets, the stricter consent, the pause, past contacts, the
 * experiment's arm. Enrollments and running effects stay with the winner of the merge.
 */
export async function unmergeCustomers(
  intake: Intake,
  request: UnmergeRequest,
  inSameTransaction?: InSameTransaction<UnmergeResult>,
): Promise<UnmergeResult> {
  return retryTransaction(
    () =>
      intake.db.sql.begin(async (tx) => {
        const result = await unmergeLocked(tx, intake, request);
        await inSameTransaction?.(tx, result);
        return result;
      }) as Promise<UnmergeResult>,
  );
}

async function unmergeLocked(tx: Tx, intake: Intake, request: UnmergeRequest): Promise<UnmergeResult> {
  const { workspace, loser, actor, reason } = request;
  const workspaceLock = (await lockWorkspaces(tx, [workspace])).get(workspace);
  const merge = await readMerge(tx, workspace, loser);
  const root = (await readRoots(tx, [loser])).get(loser)?.root;
  if (!workspaceLock || !merge || root === undefined) {
    const message = `${loser} isn't merged into another customer of this workspace: name the id that was merged`;
    return { ok: false, reason: 'not_merged', message };
  }
  const newId = mintCustomerId();
  const mergedIds = await readIdsMergedInto(tx, [root]);
  const customers = await lockOrCreateCustomers(
    tx,
    [root, newId, ...mergedIds].map((id) => ({ id, workspace })),
  );
  const winner = customers.get(root) as LockedCustomer;
  if (winner.erased) return { ok: false, reason: 'erased', message: `${root} was erased` };
  if (winner.mergedInto !== null || customers.get(loser)?.mergedInto !== root)
    throw new IdentityRace('they were merged again meanwhile');

  const lineage = await readMergedLineage(tx, loser);
  if (!(await haveCompleteLogs(tx, [...new Set([root, ...mergedIds, ...lineage])]))) {
    const message =
      'some events of these customers are not kept any more, so their profiles cannot be separated';
    return { ok: false, reason: 'not_kept', message };
  }
  const newCustomer = customers.get(newId) as LockedCustomer;
  const journey = (await lockJourneys(tx, [root, newId])).get(root);
  const state = upgradeState(journey?.state ?? null);
  const lastNow = journey?.lastNow ?? 0;
  const { configVersion, acceptedAt } = workspaceLock;
  const bundle = configVersion > 0 ? await intake.bundles(tx, workspace, configVersion) : null;
  const remainingIds = [root, ...mergedIds.filter((id) => !lineage.includes(id))];
  const winnersProfile = await refoldProfile(tx, remainingIds, bundle);
  const newProfile = await refoldProfile(tx, lineage, bundle);

  const seq = winner.seq + 1;
  const addUnmerged = (customer: LockedCustomer, at: number, { profile }: RefoldedProfile) => {
    const row = buildSystemEvent(customer, {
      seq: at,
      messageId: `throughline/unmerge/${merge.id}/${customer.id}`,
      name: EVENT.unmerged,
      at: acceptedAt,
      properties: { from: root, lost: loser, into: newId, reason, actor },
    });
    foldSystemEvent(profile, row);
    return row;
  };
  await appendEvents(tx, [addUnmerged(winner, seq, winnersProfile), addUnmerged(newCustomer, 1, newProfile)]);
  await saveCustomers(tx, [
    buildRow(winner, seq, winnersProfile, intake, workspaceLock),
    buildRow({ ...newCustomer, paused: winner.paused }, 1, newProfile, intake, workspaceLock),
  ]);
  await returnIdentities(tx, { loser, kin: lineage, root, to: newId });
  await returnInboxItems(tx, { loser, kin: lineage, root, to: newId });
  await copyTicketsAndConsents(tx, { from: root, fromSeq: winner.seq, to: newId });
  await divideKnownFacts(
    tx,
    { from: root, to: newId, lineage },
    { from: winnersProfile.newFacts, to: newProfile.newFacts },
  );
  await saveUnmergedCustomer(tx, {
    id: newId,
    of: loser,
    inherits: { from: root, until: Math.max(acceptedAt, lastNow) },
    state: buildNewState(state, root),
    lastNow,
  });
  await recordUnmerge(tx, merge.id, { from: root, into: newId });
  await requestWakes(tx, [
    { customerId: root, workspace, before: winner.seq, after: seq },
    { customerId: newId, workspace, before: 0, after: 1 },
  ]);
  return { ok: true, customerId: newId, from: root, seq };
}

/**
 * The new customer's first state. It keeps segments and dates as last evaluated, so that an unmerge alone lets no
 * customer into a journey. It keeps the cool-down, and with the seed the experiment's arm.
 */
function buildNewState(state: JourneyState, root: string): JourneyState {
  const { segments, dates, stage, quietUntil } = state;
  return { ...emptyState(), segments, dates, stage, quietUntil, seed: state.seed ?? root };
}

function buildRow(
  { id, seq: before, paused }: LockedCustomer,
  seq: number,
  refolded: RefoldedProfile,
  intake: Intake,
  lock: WorkspaceLock,
) {
  const { profile, accountId } = refolded;
  const email = readEmail(profile) ?? null;
  const personKey = computePersonKey(intake.secret, lock.groupId, email);
  return { id, before, seq, profile, email, paused, accountId, personKey };
}
