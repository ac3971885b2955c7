import type { Bundle } from '../../domain/definition.ts';
import { refuseChannel, refuseSender, type SendingPermissions } from '../../domain/sending-permissions.ts';
import type { Problem } from '../source/problem.ts';

/** Warns of a sender and of channels that the operator doesn't permit this workspace: their deliveries fail. */
export function adviseSending(
  { workspace, actions }: Pick<Bundle, 'workspace' | 'actions'>,
  permissions: SendingPermissions,
): Problem[] {
  const { id, sender } = workspace;
  const used = new Set(actions.flatMap(({ channels }) => channels));
  const problems: Problem[] = [];
  const senderRefusal = used.size > 0 ? refuseSender(permissions, id, sender.email) : null;
  if (senderRefusal !== null)
    problems.push({ file: 'workspace.yaml', path: 'sender.email', message: senderRefusal });
  for (const channel of used) {
    const refusal = refuseChannel(permissions, id, channel);
    if (refusal !== null)
      problems.push({ file: 'workspace.yaml', path: `channels.${channel}`, message: refusal });
  }
  return problems;
}
