import { type AccountRow, joinAccounts, lockAccounts } from '../../../db/accounts/accounts.ts';
import type { Tx } from '../../../db/client.ts';
import type { WorkspaceLock } from '../../../db/config/lock-workspaces.ts';
import type { LockedCustomer } from '../../../db/customers/lock-customers.ts';
import { readSharedSubjects } from '../../../db/customers/shared-subjects.ts';
import { lockSubjects, subjectId } from '../../../db/locks/lock-subjects.ts';
import { normaliseEmailAddress } from '../../domain/customer/email-address.ts';
import type { Bundle } from '../../domain/definition.ts';
import { computePersonKey } from '../identity/person-key.ts';
import { IdentityRace } from '../identity/resolve-identities.ts';
import { readJoinedAccount, silencesAccount, silencesGroup } from './account-echo.ts';
import type { BatchEntry } from './batch-entry.ts';
import type { IncomingEvent } from './incoming-event.ts';

interface AccountKey {
  workspace: string;
  id: string;
}

/** Whether the account or the person of this event's customer must be known before the customer is locked. */
export function needsSubjects(event: IncomingEvent, bundle: Bundle | null): boolean {
  return (
    readJoinedAccount(event) !== undefined || silencesAccount(event, bundle) || silencesGroup(event, bundle)
  );
}

/**
 * The accounts and the persons that a batch may change. They are locked before any customer (correctness 4, 24), so
 * they are read without the customer's lock. `checkTicket` verifies under that lock that they were the right ones.
 */
export class LockedSubjects {
  readonly accounts = new Map<string, AccountRow>();
  private readonly personKeys = new Set<string>();

  /** Returns the account if this batch may write it. */
  account(workspace: string, id: string): AccountRow | undefined {
    return this.accounts.get(toAccountKey({ workspace, id }));
  }

  /** Locks what the batch's tickets silence and what its group calls change. Creates the accounts that are joined. */
  static async lock(
    tx: Tx,
    entries: BatchEntry[],
    workspaces: Map<string, WorkspaceLock>,
    secret: string | undefined,
  ): Promise<LockedSubjects> {
    const subjects = new LockedSubjects();
    if (!entries.some(({ event, bundle }) => needsSubjects(event, bundle))) return subjects;
    await subjects.lockAccounts(tx, entries);
    await subjects.lockPersons(tx, entries, workspaces, secret);
    return subjects;
  }

  /** @throws IdentityRace when a ticket silences an account or a person that isn't locked */
  checkTicket(entry: BatchEntry, customer: LockedCustomer, personKey: string | null): void {
    const { event, bundle } = entry;
    if (silencesAccount(event, bundle) && customer.accountId !== null) {
      if (!this.account(customer.workspace, customer.accountId))
        throw new IdentityRace('the customer has changed accounts');
    }
    if (silencesGroup(event, bundle) && personKey !== null && !this.personKeys.has(personKey))
      throw new IdentityRace('the customer has changed addresses');
  }

  private async lockAccounts(tx: Tx, entries: BatchEntry[]): Promise<void> {
    const toLock = new Map<string, AccountKey>();
    const joined = new Map<string, AccountKey>();
    const add = (keys: typeof toLock, key: AccountKey) => keys.set(toAccountKey(key), key);
    const silenced = collectCustomers(entries, silencesAccount);
    for (const { event, customerId, accountId } of entries) {
      const { workspace } = event;
      const joinedId = readJoinedAccount(event);
      if (joinedId !== undefined) {
        const isWritten = event.type === 'group' || silenced.has(customerId);
        if (isWritten) add(toLock, { workspace, id: joinedId });
        else if (joinedId !== accountId) add(joined, { workspace, id: joinedId });
      }
      if (accountId !== null && silenced.has(customerId)) add(toLock, { workspace, id: accountId });
    }
    if (toLock.size === 0) {
      if (joined.size > 0 && (await joinAccounts(tx, [...joined.values()])) < joined.size)
        throw new IdentityRace('an account was erased');
      return;
    }
    // All of them in one order.
    for (const [key, account] of joined) toLock.set(key, account);
    const rows = await lockAccounts(tx, [...toLock.values()]);
    if (rows.length < toLock.size) throw new IdentityRace('an account was erased');
    for (const row of rows) this.accounts.set(toAccountKey(row), row);
  }

  private async lockPersons(
    tx: Tx,
    entries: BatchEntry[],
    workspaces: Map<string, WorkspaceLock>,
    secret: string | undefined,
  ): Promise<void> {
    const silenced = collectCustomers(entries, silencesGroup);
    for (const { event, customerId, personKey } of entries) {
      if (!silenced.has(customerId)) continue;
      const groupId = workspaces.get(event.workspace)?.groupId ?? null;
      // An address may come in the same batch as the ticket, so the person keys to come are locked too.
      const keysToCome = readAddresses(event).map((email) => computePersonKey(secret, groupId, email));
      for (const key of [personKey, ...keysToCome]) if (key !== null) this.personKeys.add(key);
    }
    if (this.personKeys.size === 0) return;
    const ids = [...this.personKeys].map((personKey) => subjectId.person(personKey));
    await lockSubjects(
      tx,
      ids.map((id) => ({ id, mode: 'update' as const })),
    );
  }
}

/**
 * Reads account and person of customers that their events name by id; those of the others were read together with the
 * identities. Returns the entries with them.
 */
export async function readNamedCustomers(tx: Tx, entries: BatchEntry[]): Promise<BatchEntry[]> {
  const isNamed = ({ event, bundle }: BatchEntry) =>
    event.customerId !== undefined && needsSubjects(event, bundle);
  const named = entries.filter(isNamed);
  if (named.length === 0) return entries;
  const subjects = await readSharedSubjects(
    tx,
    named.map((entry) => entry.customerId),
  );
  return entries.map((entry) => (isNamed(entry) ? { ...entry, ...subjects.get(entry.customerId) } : entry));
}

/** The customers of the entries whose event has this effect under their bundle. */
function collectCustomers(
  entries: BatchEntry[],
  hasEffect: (event: IncomingEvent, bundle: Bundle | null) => boolean,
): Set<string> {
  return new Set(entries.filter(({ event, bundle }) => hasEffect(event, bundle)).map((e) => e.customerId));
}

function toAccountKey({ workspace, id }: AccountKey): string {
  return `${workspace}\u0001${id}`;
}

function readAddresses(event: IncomingEvent): string[] {
  const contextTraits = event.context.traits as { email?: unknown } | null | undefined;
  const values = [event.type === 'identify' ? event.traits.email : undefined, contextTraits?.email];
  return values.map(normaliseEmailAddress).filter((email): email is string => email !== undefined);
}
