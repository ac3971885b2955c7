import { Connection, type ConnectionOptions } from '@temporalio/client';
import type { DevFile } from '../dev/dev-file.ts';
import { temporalConfig } from '../temporal/connection.ts';
import { UserError } from '../user-error.ts';

const CONNECT_MS = 5_000;

/** The Temporal that a command uses. */
export interface TemporalTarget {
  connection: ConnectionOptions;
  namespace: string;
}

/** Reads Temporal's own variables and profiles; with the file of a running `npm start`, uses the server of that. */
export function readTemporalTarget(dev?: Pick<DevFile, 'temporalAddress'>): TemporalTarget {
  const { connectionOptions, namespace } = temporalConfig();
  // A server that ran before npm start has its own settings; the one that npm start starts needs none.
  if (!dev || connectionOptions.address === dev.temporalAddress)
    return { connection: connectionOptions, namespace };
  return { connection: { address: dev.temporalAddress }, namespace: 'default' };
}

/** Connects to Temporal. @throws UserError when it doesn't answer */
export function connectToTemporal({ connection }: TemporalTarget): Promise<Connection> {
  return Connection.connect({ ...connection, connectTimeout: CONNECT_MS }).catch(() => {
    throw new UserError(
      `Temporal doesn't answer at ${connection.address ?? 'its address'}: run npm start, or set TEMPORAL_ADDRESS`,
    );
  });
}
