import {
  type ChannelHealth,
  countUnknownDeliveries,
  listTroubledDeliveries,
  readChannelHealth,
} from '../../../db/deliveries/channel-health.ts';
import {
  type LagFacts,
  type ParkedFacts,
  readLag,
  readParked,
  readStandingDeliveries,
  type StandingDeliveries,
} from '../../../db/doctor/lag.ts';
import { countRejected, type RejectedCount } from '../../../db/events/count-rejected.ts';
import { listParkedCustomers, type ParkedCustomer } from '../../../db/journeys/parked-reasons.ts';
import {
  type DueDeliveries,
  readDueDeliveries,
  readInstallation,
  readLoopBacklogs,
} from '../../../db/maintenance/backlog.ts';
import { readRelaySeen } from '../../../db/maintenance/reconciliations.ts';
import { readStorage, type StoredMonths } from '../../../db/partitions/read-storage.ts';
import { type SweepView, viewSweeps } from '../../../db/sweeps/view-sweeps.ts';
import { countQueues, type QueueCounts } from '../../../db/tasks/task-queues.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { ApiDeps } from '../frame/deps.ts';
import type { InspectedTemporal } from './inspection.ts';

type Troubled = Awaited<ReturnType<typeof listTroubledDeliveries>>;

/** What was read of the installation, as far as one workspace may see it. */
export interface System {
  now: number;
  workspace: string;
  lag: LagFacts;
  standing: StandingDeliveries[];
  due: DueDeliveries[];
  loops: { loop: string; oldestSeconds: number }[];
  rejected: RejectedCount[];
  channels: ChannelHealth[];
  unknown: { count: number; lastAt: number | null };
  troubled: Troubled;
  sweeps: SweepView[];
  parked: ParkedFacts[];
  parkedCustomers: ParkedCustomer[];
  queues: QueueCounts[];
  bytes: number;
  storage: StoredMonths[];
  /** When a relay last did something; null: none ever did. */
  relaySeenAt: number | null;
  /** Null: there is no bundle, or nothing looks at Temporal. `away`: it did not answer. */
  temporal: InspectedTemporal | 'away' | null;
}

const LISTED = 25;

/** Reads one bounded query after the other, so that a look at the page takes one connection. */
export async function readSystem(
  { db: { sql }, inspection, log }: ApiDeps,
  workspace: string,
  bundle: Bundle | null,
): Promise<System> {
  const now = Date.now();
  const looking =
    bundle && inspection
      ? inspection.inspect(bundle).catch((error: unknown) => {
          log.warn({ err: error }, 'Temporal could not be looked at');
          return 'away' as const;
        })
      : null;
  // Names of channels of other workspaces are not shown. E-mail needs no declaration.
  const declared = bundle ? ['email', ...Object.keys(bundle.workspace.channels)] : [];
  const isDeclared = ({ channel }: { channel: string }) => declared.includes(channel);
  const { bytes } = await readInstallation(sql);
  return {
    now,
    workspace,
    bytes,
    lag: await readLag(sql),
    standing: (await readStandingDeliveries(sql)).filter(isDeclared),
    due: (await readDueDeliveries(sql)).filter(isDeclared),
    loops: await readLoopBacklogs(sql),
    rejected: await countRejected(sql, workspace),
    channels: await readChannelHealth(sql, workspace),
    unknown: await countUnknownDeliveries(sql, workspace),
    troubled: await listTroubledDeliveries(sql, workspace, LISTED),
    sweeps: await viewSweeps(sql, workspace, LISTED),
    parked: await readParked(sql, workspace),
    parkedCustomers: await listParkedCustomers(sql, workspace, LISTED),
    queues: await countQueues(sql, workspace, now),
    storage: await readStorage(sql),
    relaySeenAt: await readRelaySeen(sql),
    temporal: await looking,
  };
}
