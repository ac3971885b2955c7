import type { Claimant } from '../../../../db/customers/claimant.ts';
import { type SubjectLock, subjectId } from '../../../../db/locks/lock-subjects.ts';
import type { ActionDef, Bundle } from '../../../domain/definition.ts';
import { isCapOnPurpose } from '../../../engine/contacts.ts';
import { listSharedCaps } from '../facts/facts-query.ts';

/**
 * What a claim of this action locks besides its customer. A subject whose contacts are counted is locked for update:
 * otherwise two claims at once would both find room for one. So is the owner of a budget or an inventory. In a group
 * that shares silence, the person is locked in share at least, since a ticket in another brand is accepted under the
 * same lock.
 */
export function listSharedSubjects(claimant: Claimant, current: Bundle, action: ActionDef): SubjectLock[] {
  const { workspace, accountId, personKey } = claimant;
  const counted = listSharedCaps(current, [action]).filter(
    (shared) => shared.action !== null || isCapOnPurpose(shared.cap, action),
  );
  const scopes = new Set(counted.map(({ cap }) => cap.of));
  const locks: SubjectLock[] = [];
  if (scopes.has('account') && accountId !== null)
    locks.push({ id: subjectId.account(workspace, accountId), mode: 'update' });
  if (personKey !== null && (scopes.has('group') || current.group?.shareSuppression))
    locks.push({ id: subjectId.person(personKey), mode: scopes.has('group') ? 'update' : 'share' });
  if (scopes.has('workspace')) locks.push({ id: subjectId.workspace(workspace), mode: 'update' });
  return [...locks, ...listBudgetLocks(workspace, current, action)];
}

/** A budget may be the group's; an inventory is the workspace's. */
function listBudgetLocks(
  workspace: string,
  { group }: Bundle,
  { id, budget, inventory }: ActionDef,
): SubjectLock[] {
  const owners = new Set<string>();
  if (budget) owners.add(budget.of === 'group' && group ? `group:${group.id}` : workspace);
  if (inventory) owners.add(workspace);
  return [...owners].map((owner) => ({ id: subjectId.budget(owner, id), mode: 'update' }));
}
