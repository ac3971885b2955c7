import { createRequire } from 'node:module';
import { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { RenewingConnection } from './renewing-connection.ts';

/** Path of the payload converter, which client, worker and workflow bundle load. */
export const PAYLOAD_CONVERTER = createRequire(import.meta.url).resolve('./payload-converter.cjs');

/** Reads the address of Temporal from the profiles and `TEMPORAL_*` variables that its own tools use. */
export function temporalConfig() {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return { connectionOptions, namespace: namespace ?? 'default' };
}

/** Creates a client that connects when first used, and again after every outage. */
export function lazyClient(): { client: Client; close(): Promise<void> } {
  const { connectionOptions, namespace } = temporalConfig();
  const connection = new RenewingConnection(connectionOptions);
  const client = new Client({
    connection,
    namespace,
    dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER },
  });
  return { client, close: () => connection.close() };
}
