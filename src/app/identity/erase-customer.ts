import { forgetCommandsAbout } from '../../../db/access/idempotency.ts';
import type { Tx } from '../../../db/client.ts';
import { lockWorkspaces } from '../../../db/config/lock-workspaces.ts';
import { lockOrCreateCustomers } from '../../../db/customers/lock-customers.ts';
import {
  deleteDecisionsAndEffects,
  deleteEvents,
  eraseFromAccounts,
  writeTombstones,
} from '../../../db/erasure/erase-customer.ts';
import {
  eraseEchoes,
  findSilenced,
  pageMembersWithEchoes,
  readEchoes,
} from '../../../db/erasure/erase-from-members.ts';
import { eraseFromRecords, readDecisionIds } from '../../../db/erasure/erase-from-records.ts';
import { eraseGoneTickets, readKeptTickets } from '../../../db/erasure/erase-gone-tickets.ts';
import { lockJourneys, readIdsMergedInto } from '../../../db/identity/merge-customers.ts';
import { readRoots } from '../../../db/identity/roots.ts';
import { requestChecks } from '../../../db/wakes/request-checks.ts';
import type { InSameTransaction } from '../in-same-transaction.ts';
import type { Intake } from '../intake/accept.ts';
import { retryTransaction } from '../intake/retry-transaction.ts';
import { hashIdentitiesOf } from './person-identities.ts';
import { IdentityRace } from './resolve-identities.ts';

export interface EraseRequest {
  workspace: string;
  /** The customer, or an id that was merged into it: in both cases the whole person is erased. */
  customerId: string;
  actor: string;
}

/** `ids`: the customer's id and all ids that were merged into it. None of them is ever used again. */
export type EraseResult =
  | { ok: true; customerId: string; ids: string[] }
  | { ok: false; reason: 'unknown_customer'; message: string };

/**
 * Erases a person (correctness 17): `markErased`, then `eraseRows`. One transaction writes the tombstones, under the locks that acceptance, claims and
 * decisions take; the next deletes every row. The relay then deletes the histories in Temporal, and the rows once more.
 * So work that was half-way when the tombstone was written leaves nothing behind, and a crash in between is recovered.
 */
export async function eraseCustomer(intake: Pick<Intake, 'db'>, request: EraseRequest): Promise<EraseResult> {
  const erased = await markErased(intake, request);
  if (erased.ok) await eraseRows(intake, request.workspace, erased.ids);
  return erased;
}

/** Writes the tombstones: from this commit on nothing is accepted, claimed or decided for the person. */
export function markErased(
  intake: Pick<Intake, 'db'>,
  request: EraseRequest,
  inSameTransaction?: InSameTransaction<EraseResult>,
): Promise<EraseResult> {
  return retryTransaction(
    () =>
      intake.db.sql.begin(async (tx) => {
        const result = await writeLockedTombstones(tx, request);
        await inSameTransaction?.(tx, result);
        return result;
      }) as Promise<EraseResult>,
  );
}

/** Deletes the rows of erased customers, and the answers kept for repeated requests. Safe to repeat. */
export async function eraseRows(intake: Pick<Intake, 'db'>, workspace: string, ids: string[]): Promise<void> {
  await retryTransaction(async () => {
    // A customer of many years may have very many rows.
    await intake.db.administration.begin(async (tx) => {
      await eraseFromAccounts(tx, workspace, ids);
      await deleteEvents(tx, workspace, ids);
      await deleteDecisionsAndEffects(tx, ids);
      await forgetCommandsAbout(tx, workspace, ids);
    });
  });
}

const MEMBERS_PER_PAGE = 20;
const DECISIONS_PER_PAGE = 50;

/**
 * Takes what erased customers have stated to their accounts out of the records of the other members: enrollments, deliveries,
 * cases of tasks, contexts of decisions, verdicts that name their tickets. Their journeys decide again where a ticket silences them, which may be gone.
 * In small steps, since an account may have many members. Safe to repeat.
 */
export async function eraseFromMembers(
  { db: { administration: sql } }: Pick<Intake, 'db'>,
  ids: string[],
): Promise<void> {
  for (let last = ''; ; ) {
    const members = await pageMembersWithEchoes(sql, ids, last, MEMBERS_PER_PAGE);
    const echoes = members.length > 0 ? await readEchoes(sql, ids, members) : [];
    if (echoes.length > 0) await retryTransaction(() => sql.begin((tx) => eraseEchoes(tx, echoes)));
    const silenced = members.length > 0 ? await findSilenced(sql, members) : [];
    if (silenced.length > 0) await requestChecks(sql, silenced);
    for (const member of members) {
      const keptTickets = await readKeptTickets(sql, member);
      await retryTransaction(() => eraseGoneTickets(sql, member, keptTickets));
      const own = echoes.filter(({ customerId }) => customerId === member);
      const erasure = { customerIds: ids, echoes: own, keptTickets };
      const decisions = await readDecisionIds(sql, member);
      for (let n = 0; n < decisions.length; n += DECISIONS_PER_PAGE) {
        const page = decisions.slice(n, n + DECISIONS_PER_PAGE);
        await retryTransaction(() => sql.begin((tx) => eraseFromRecords(tx, page, erasure)));
      }
    }
    if (members.length < MEMBERS_PER_PAGE) return;
    last = members.at(-1) as string;
  }
}

async function writeLockedTombstones(
  tx: Tx,
  { workspace, customerId, actor }: EraseRequest,
): Promise<EraseResult> {
  await lockWorkspaces(tx, [workspace]);
  const customer = (await readRoots(tx, [customerId])).get(customerId);
  if (customer?.workspace !== workspace) {
    const message = `there is no customer ${customerId} in this workspace`;
    return { ok: false, reason: 'unknown_customer', message };
  }
  const ids = [customer.root, ...(await readIdsMergedInto(tx, [customer.root]))].sort();
  const customers = await lockOrCreateCustomers(
    tx,
    ids.map((id) => ({ id, workspace })),
  );
  if (customers.get(customer.root)?.mergedInto) throw new IdentityRace('the customer was merged meanwhile');
  await lockJourneys(tx, ids);
  const identities = await hashIdentitiesOf(tx, workspace, [...customers.values()]);
  await writeTombstones(tx, workspace, ids, { actor, identities });
  return { ok: true, customerId: customer.root, ids };
}
