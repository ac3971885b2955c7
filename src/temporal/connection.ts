import { createRequire } from 'node:module';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/** Loaded by path, by client, worker and bundle alike. */
export const PAYLOAD_CONVERTER = createRequire(import.meta.url).resolve('./payload-converter.cjs');

/** Where Temporal is: the profiles and `TEMPORAL_*` variables that its own tools read. */
export function temporalConfig() {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return { connectionOptions, namespace: namespace ?? 'default' };
}

/** A client that connects when first used, so that an API starts while Temporal is away. */
export function lazyClient(): { client: Client; close(): Promise<void> } {
  const { connectionOptions, namespace } = temporalConfig();
  const connection = Connection.lazy(connectionOptions);
  const client = new Client({
    connection,
    namespace,
    dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER },
  });
  return { client, close: () => connection.close() };
}
