import { type AccountRow, createAccounts, lockAccounts } from '../../../db/accounts/accounts.ts';
import type { Tx } from '../../../db/client.ts';
import type { WorkspaceLock } from '../../../db/config/lock-workspaces.ts';
import type { LockedCustomer } from '../../../db/customers/lock-customers.ts';
import { readSharedSubjects } from '../../../db/customers/shared-subjects.ts';
import { lockSubjects, subjectId } from '../../../db/locks/lock-subjects.ts';
import { normaliseEmailAddress } from '../../domain/customer/email-address.ts';
import type { Bundle } from '../../domain/definition.ts';
import { computePersonKey } from '../identity/person-key.ts';
import { IdentityRace, type ResolvedCustomer } from '../identity/resolve-identities.ts';
import { readJoinedAccount, silencesAccount, silencesGroup } from './account-echo.ts';
import type { IncomingEvent } from './incoming-event.ts';

/** One event, whom it is about, and the definitions that it is accepted under. */
export interface BatchEntry extends ResolvedCustomer {
  event: IncomingEvent;
  bundle: Bundle | null;
}

/** Whether account or contact subject of this event's customer must be known before the customer is locked. */
export function needsSubjects(event: IncomingEvent, bundle: Bundle | null): boolean {
  return (
    readJoinedAccount(event) !== undefined || silencesAccount(event, bundle) || silencesGroup(event, bundle)
  );
}

/**
 * What a batch holds of accounts and of people who are known in several workspaces. They are locked before any
 * customer (correctness 4, 24); under the customer's lock it is asked again whether they were the right ones.
 */
export class LockedSubjects {
  readonly accounts = new Map<string, AccountRow>();
  private readonly contacts = new Set<string>();

  /** The account, if this batch may write it. */
  account(workspace: string, id: string): AccountRow | undefined {
    return this.accounts.get(`${workspace}\u0001${id}`);
  }

  /** Locks what the batch's tickets silence and what its group calls change; makes accounts that are joined. */
  static async lock(
    tx: Tx,
    entries: BatchEntry[],
    workspaces: Map<string, WorkspaceLock>,
    secret: string | undefined,
  ): Promise<LockedSubjects> {
    const subjects = new LockedSubjects();
    const concerned = entries.filter(({ event, bundle }) => needsSubjects(event, bundle));
    if (concerned.length === 0) return subjects;
    await readUnknown(tx, concerned);
    await subjects.lockAccounts(tx, entries, concerned);
    await subjects.lockContacts(tx, entries, concerned, workspaces, secret);
    return subjects;
  }

  /** @throws IdentityRace when the customer's account isn't locked, though a ticket of theirs silences it */
  checkTicket(entry: BatchEntry, customer: LockedCustomer, contact: string | null): void {
    const { event, bundle } = entry;
    if (silencesAccount(event, bundle) && customer.accountId !== null) {
      if (!this.account(customer.workspace, customer.accountId))
        throw new IdentityRace('the customer has changed accounts');
    }
    if (silencesGroup(event, bundle) && contact !== null && !this.contacts.has(contact))
      throw new IdentityRace('the customer has changed addresses');
  }

  private async lockAccounts(tx: Tx, entries: BatchEntry[], concerned: BatchEntry[]): Promise<void> {
    const locked = new Map<string, { workspace: string; id: string }>();
    const joined = new Map<string, { workspace: string; id: string }>();
    const add = (to: typeof locked, workspace: string, id: string) =>
      to.set(`${workspace}\u0001${id}`, { workspace, id });
    const silenced = new Set(
      concerned.filter((e) => silencesAccount(e.event, e.bundle)).map((e) => e.customerId),
    );
    for (const { event, customerId, accountId } of entries) {
      const account = readJoinedAccount(event);
      if (account !== undefined) {
        const written = event.type === 'group' || silenced.has(customerId);
        if (written) add(locked, event.workspace, account);
        else if (account !== accountId) add(joined, event.workspace, account);
      }
      if (accountId !== null && silenced.has(customerId)) add(locked, event.workspace, accountId);
    }
    const unlocked = [...joined].filter(([key]) => !locked.has(key)).map(([, account]) => account);
    if (unlocked.length > 0) await createAccounts(tx, unlocked);
    if (locked.size === 0) return;
    for (const row of await lockAccounts(tx, [...locked.values()]))
      this.accounts.set(`${row.workspace}\u0001${row.id}`, row);
  }

  private async lockContacts(
    tx: Tx,
    entries: BatchEntry[],
    concerned: BatchEntry[],
    workspaces: Map<string, WorkspaceLock>,
    secret: string | undefined,
  ): Promise<void> {
    const silenced = new Set(
      concerned.filter((e) => silencesGroup(e.event, e.bundle)).map((e) => e.customerId),
    );
    for (const { event, customerId, personKey: contact } of entries) {
      if (!silenced.has(customerId)) continue;
      const groupId = workspaces.get(event.workspace)?.groupId ?? null;
      // Also those that the customer is about to have: an address may come in the same batch as the ticket.
      const coming = addressesIn(event).map((email) => computePersonKey(secret, groupId, email));
      for (const one of [contact, ...coming]) if (one !== null) this.contacts.add(one);
    }
    if (this.contacts.size === 0) return;
    const ids = [...this.contacts].map((contact) => subjectId.contact(contact));
    await lockSubjects(
      tx,
      ids.map((id) => ({ id, mode: 'update' as const })),
    );
  }
}

/** Those who are named by their id alone were not read along with their identities. */
async function readUnknown(tx: Tx, concerned: BatchEntry[]): Promise<void> {
  const ids = concerned.filter((e) => e.event.customerId !== undefined).map((e) => e.customerId);
  if (ids.length === 0) return;
  const known = await readSharedSubjects(tx, ids);
  for (const entry of concerned) Object.assign(entry, known.get(entry.customerId));
}

function addressesIn(event: IncomingEvent): string[] {
  const carried = event.context.traits as { email?: unknown } | null | undefined;
  const said = [event.type === 'identify' ? event.traits.email : undefined, carried?.email];
  return said.map(normaliseEmailAddress).filter((email): email is string => email !== undefined);
}
