import type { Tx } from '../client.ts';

/** Subjects that several customers share. They are locked before the customers. */
export const subjectId = {
  account: (workspace: string, accountId: string) => `account/${workspace}/${accountId}`,
  /** One person in all workspaces of a group. `personKey` is the keyed hash of the address. */
  person: (personKey: string) => `person/${personKey}`,
  workspace: (workspace: string) => `workspace/${workspace}`,
  /** The budget or inventory of one action, in a workspace or in all workspaces of a group. */
  budget: (owner: string, action: string) => `budget/${owner}/${action}`,
};

export interface SubjectLock {
  id: string;
  /**
   * `update` while a shared cap is counted, or while a ticket is accepted that suppresses the same person elsewhere.
   * `share` for a claim, which must only wait for such tickets.
   */
  mode: 'share' | 'update';
}

/** Locks shared subjects in the order of their ids and creates the missing ones. */
export async function lockSubjects(tx: Tx, subjects: SubjectLock[]): Promise<void> {
  for (const { id, mode } of [...subjects].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const strength = mode === 'share' ? tx`for share` : tx`for update`;
    const lock = () => tx`select id from shared_subjects where id = ${id} ${strength}`;
    if ((await lock()).length > 0) continue;
    await tx`insert into shared_subjects (id) values (${id}) on conflict do nothing`;
    await lock();
  }
}
