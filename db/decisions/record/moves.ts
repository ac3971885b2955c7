import type { JourneyChange } from '../../../src/engine/journey/journey-change.ts';
import type { Tx } from '../../client.ts';
import type { Move } from '../../schema/json.ts';

/** The moves and exposures among the changes of a decision, as `decisions.moves` holds them. */
export function toMoves(customerId: string, changes: JourneyChange[]): Move[] {
  const own = toOwn(customerId);
  return changes.flatMap((change): Move[] => {
    if (change.kind !== 'moved' && change.kind !== 'exposed') return [];
    const { enrollment } = change;
    const id = enrollment.startsWith(`${own}_`) ? enrollment.slice(own.length) : enrollment;
    return change.kind === 'moved'
      ? [[id, change.from, change.to]]
      : [[id, change.step, change.arm, 'exposed']];
  });
}

/** What ids of enrollments begin with that were minted for the customer. They are stored without it. */
function toOwn(customerId: string): string {
  return customerId.replace(/^cus_/, 'enr_');
}

/** The enrollment of a move `m` of a decision `d`, as SQL. */
export function enrollmentOfMove(tx: Tx) {
  return tx`case when left(m ->> 0, 1) = '_' then regexp_replace(d.customer_id, '^cus_', 'enr_') || (m ->> 0)
    else m ->> 0 end`;
}
