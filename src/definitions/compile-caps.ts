import type { CapDef } from '../domain/definition.ts';
import type { Reports } from './cel-check.ts';
import { checkChannel } from './channels.ts';
import { join } from './problem.ts';
import { millis } from './scalars.ts';
import type { CapSource } from './workspace-schema.ts';

/** Compiles the caps of a workspace or, with `of` = group, of a group. `purposes`: those that actions have; null if not all are known. */
export function compileCaps(
  caps: readonly CapSource[],
  of: 'customer' | 'group',
  purposes: ReadonlySet<string> | null,
  reports: Reports,
): CapDef[] {
  return caps.map((cap, index) => {
    const path = `caps[${index}]`;
    checkChannel(reports, join(path, 'channel'), cap.channel);
    if (cap.purpose !== undefined && purposes && !purposes.has(cap.purpose)) {
      reports.error(
        join(path, 'purpose'),
        `no action has the purpose '${cap.purpose}': use ${[...purposes].join(', ') || 'one that an action has'}`,
      );
    }
    if (of === 'group' && cap.of !== undefined && cap.of !== 'group') {
      reports.error(
        join(path, 'of'),
        `a cap of a group counts all of it: leave of out, or put it into workspace.yaml`,
      );
    }
    if (of === 'customer' && cap.of === 'group' && !reports.lexicon.group) {
      reports.error(join(path, 'of'), 'there is no group: add group.yaml');
    }
    return {
      max: cap.max,
      per: millis(cap.per),
      channel: cap.channel ?? null,
      purpose: cap.purpose ?? null,
      of: cap.of ?? of,
    };
  });
}
