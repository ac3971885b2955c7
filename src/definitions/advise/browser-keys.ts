import type { Bundle } from '../../domain/definition.ts';
import type { Problem } from '../source/problem.ts';

const CONSEQUENCES = {
  tickets: 'open and close tickets, which silence marketing',
  orders: 'state orders and refunds',
  payments: 'state payments',
  groups: 'join customers to accounts and change these',
  addresses: 'redirect the messages of a customer',
  consents: 'lift a withdrawn consent',
} as const;

/** Warns of what everybody who reads a browser key in a page can do, because the workspace permits it. */
export function adviseBrowserKeys({ workspace }: Pick<Bundle, 'workspace'>): Problem[] {
  return (workspace.browserKeys ?? []).map((what, index) => ({
    file: 'workspace.yaml',
    path: `browserKeys.mayState[${index}]`,
    message: `everybody who reads a browser key in a page can ${CONSEQUENCES[what]}: send ${what} with a write key from a server`,
  }));
}
