import type { Claimant } from '../../../../db/customers/claimant.ts';
import { type SubjectLock, subjectId } from '../../../../db/locks/lock-subjects.ts';
import type { ActionDef, Bundle } from '../../../domain/definition.ts';
import { listSharedCaps } from '../facts/facts-query.ts';

/**
 * What a claim of this action locks beside its customer. A subject whose contacts are counted is locked for update: two
 * claims at once would else both find room for one; so is what has a budget or an inventory. A person in a group that shares silence is locked in share at
 * least, since a ticket in another brand is accepted under the same lock.
 */
export function listSharedSubjects(claimant: Claimant, current: Bundle, action: ActionDef): SubjectLock[] {
  const { workspace, accountId, personKey: contact } = claimant;
  const counts = listSharedCaps(current, [action]).filter(
    (one) => one.action !== null || uses(action, one.cap.purpose),
  );
  const scopes = new Set(counts.map((one) => one.cap.of));
  const locks: SubjectLock[] = [];
  if (scopes.has('account') && accountId !== null)
    locks.push({ id: subjectId.account(workspace, accountId), mode: 'update' });
  if (contact !== null && (scopes.has('group') || current.group?.shareSuppression))
    locks.push({ id: subjectId.person(contact), mode: scopes.has('group') ? 'update' : 'share' });
  if (scopes.has('workspace')) locks.push({ id: subjectId.workspace(workspace), mode: 'update' });
  return [...locks, ...budgetsOf(workspace, current, action)];
}

/** Money may be the group's; what there is to give away is the workspace's. */
function budgetsOf(
  workspace: string,
  { group }: Bundle,
  { id, budget, inventory }: ActionDef,
): SubjectLock[] {
  const owners = new Set<string>();
  if (budget) owners.add(budget.of === 'group' && group ? `group:${group.id}` : workspace);
  if (inventory) owners.add(workspace);
  return [...owners].map((owner) => ({ id: subjectId.budget(owner, id), mode: 'update' }));
}

/** A cap without a purpose counts marketing. */
function uses(action: ActionDef, purpose: string | null): boolean {
  return purpose === null ? action.class === 'marketing' : action.purpose === purpose;
}
