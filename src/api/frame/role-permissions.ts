import type { Scope } from '../../../db/access/keys.ts';
import type { Role } from '../../../db/access/users.ts';
import { SCOPES } from '../../../db/schema/values.ts';

/** What a role permits. */
interface Permissions {
  /** Every operation that needs no other scope. */
  scopes: readonly Scope[];
  /** Single operations of other scopes, by their ids. */
  operations: readonly string[];
}

const TASK_OPERATIONS = [
  'claimTask',
  'releaseTask',
  'resolveTask',
  'escalateTask',
  'snoozeTask',
  'dismissTask',
] as const;

/** What each role permits. It is finer than scopes: one operation may be permitted without the others of its scope. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, Permissions>> = {
  viewer: { scopes: ['read'], operations: [] },
  support: { scopes: ['read', 'act'], operations: [] },
  agent: { scopes: ['read'], operations: TASK_OPERATIONS },
  marketer: { scopes: ['read', 'configure'], operations: ['sendTest'] },
  operator: { scopes: SCOPES, operations: [] },
};

/** An operation, and the scopes that it needs. */
export interface Wanted {
  operation: string;
  scopes: readonly Scope[];
}

/** Whether somebody with this role may use an operation. */
export function isPermitted(role: Role, { operation, scopes }: Wanted): boolean {
  const permitted = ROLE_PERMISSIONS[role];
  return (
    permitted.operations.includes(operation) || scopes.every((scope) => permitted.scopes.includes(scope))
  );
}
