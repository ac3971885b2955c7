import type { Tx } from '../client.ts';

/** What is shared by several customers, and locked before any of them. */
export const subjectId = {
  account: (workspace: string, accountId: string) => `account/${workspace}/${accountId}`,
  /** One person in all workspaces of a group. `personKey` is the keyed hash of the address. */
  person: (personKey: string) => `person/${personKey}`,
  workspace: (workspace: string) => `workspace/${workspace}`,
  /** What one action may cost, or how many of it there are, in a workspace or in all of a group. */
  budget: (owner: string, action: string) => `budget/${owner}/${action}`,
};

export interface SubjectLock {
  id: string;
  /**
   * `update` while a shared cap is counted, or a ticket is accepted that silences the same person elsewhere; `share`
   * for a claim that must only not overtake such a ticket.
   */
  mode: 'share' | 'update';
}

/** Locks shared subjects in the order of their ids, making those that aren't there yet. */
export async function lockSubjects(tx: Tx, subjects: SubjectLock[]): Promise<void> {
  for (const { id, mode } of [...subjects].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const strength = mode === 'share' ? tx`for share` : tx`for update`;
    const lock = () => tx`select id from shared_subjects where id = ${id} ${strength}`;
    if ((await lock()).length > 0) continue;
    await tx`insert into shared_subjects (id) values (${id}) on conflict do nothing`;
    await lock();
  }
}
