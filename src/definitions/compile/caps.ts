import type { CapDef } from '../../domain/definition.ts';
import { checkChannel } from '../check/channels.ts';
import type { CompileContext } from '../check/context.ts';
import { joinPath } from '../source/problem.ts';
import { toMillis } from '../source/scalars.ts';
import type { CapSource } from '../source/workspace-schema.ts';

/**
 * Compiles the caps of workspace.yaml (`of`: customer) or of group.yaml (`of`: group).
 * @param purposes the purposes that actions have; null if an action has errors
 */
export function compileCaps(
  caps: readonly CapSource[],
  of: 'customer' | 'group',
  purposes: ReadonlySet<string> | null,
  context: CompileContext,
): CapDef[] {
  return caps.map((cap, index) => {
    const path = `caps[${index}]`;
    checkChannel(context, joinPath(path, 'channel'), cap.channel);
    if (cap.purpose !== undefined && purposes && !purposes.has(cap.purpose)) {
      context.error(
        joinPath(path, 'purpose'),
        `no action has the purpose '${cap.purpose}': use ${[...purposes].join(', ') || 'one that an action has'}`,
      );
    }
    if (of === 'group' && cap.of !== undefined && cap.of !== 'group') {
      context.error(
        joinPath(path, 'of'),
        `a cap in group.yaml counts the whole group: remove of, or move the cap to workspace.yaml`,
      );
    }
    if (of === 'customer' && cap.of === 'group' && !context.names.hasGroup) {
      context.error(joinPath(path, 'of'), 'there is no group: add group.yaml');
    }
    return {
      max: cap.max,
      per: toMillis(cap.per),
      channel: cap.channel ?? null,
      purpose: cap.purpose ?? null,
      of: cap.of ?? of,
    };
  });
}
