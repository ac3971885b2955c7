import type { Sql } from '../../../db/client.ts';
import { readUnconfirmedMembers } from '../../../db/config/group-members.ts';
import { adviseGroup } from '../../definitions/advise/group.ts';
import { adviseReceipts, type ChannelReceipts } from '../../definitions/advise/receipts.ts';
import { adviseRetention } from '../../definitions/advise/retention.ts';
import { adviseSending } from '../../definitions/advise/sending.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { SendingPermissions } from '../../domain/sending-permissions.ts';
import type { Millis } from '../../domain/time/time.ts';

/** What the operator has set for all workspaces. */
export interface OperatorSettings {
  permissions?: SendingPermissions | undefined;
  /** How long events are kept; null: without limit. */
  keptEventsMs?: Millis | null | undefined;
  /** What the channels can report. */
  channelReceipts?: ChannelReceipts | undefined;
}

/**
 * Warnings about a bundle that compiles, by what it can't know: the other workspaces of its group, what the operator
 * lets the workspace send, how long events are kept, and what the channels report.
 */
export async function adviseCandidate(
  sql: Sql,
  bundle: Omit<Bundle, 'format' | 'version'>,
  { permissions, keptEventsMs, channelReceipts }: OperatorSettings,
): Promise<Problem[]> {
  const { id } = bundle.workspace;
  const unconfirmed = bundle.group ? await readUnconfirmedMembers(sql, id, bundle.group) : [];
  return [
    ...adviseGroup(bundle.group, unconfirmed),
    ...(permissions ? adviseSending(bundle, permissions) : []),
    ...adviseRetention(bundle, keptEventsMs ?? null),
    ...(channelReceipts ? adviseReceipts(bundle, channelReceipts) : []),
  ];
}
