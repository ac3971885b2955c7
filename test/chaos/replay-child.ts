import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { PAYLOAD_CONVERTER } from '../../src/temporal/connection.ts';
import { fetchHistory, replayHistory } from '../../src/testing/replay.ts';

/** Replays the current run of each workflow in `WORKFLOW_IDS`, and prints those that cannot be replayed. */
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});
const bundle = { codePath: process.env.WORKFLOW_BUNDLE as string };
const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS as string });
const client = new Client({ connection, dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER } });
const failed: { workflowId: string; error: string }[] = [];
for (const workflowId of JSON.parse(process.env.WORKFLOW_IDS as string) as string[]) {
  const history = await fetchHistory(client, workflowId).catch(() => null);
  if (!history) continue;
  await replayHistory(history, { bundle, workflowId }).catch((error: Error) =>
    failed.push({ workflowId, error: error.message }),
  );
}
await connection.close();
console.log(JSON.stringify({ failed }));
