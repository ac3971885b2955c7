import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, type InjectedSinks, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { PAYLOAD_CONVERTER, temporalConfig } from '../../src/temporal/connection.ts';
import { reportRun, sendToParent } from './activities.ts';
import type { FloorSinks } from './workflows.ts';

// The floor's worker: the settings are those of src/temporal/worker.ts.

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});
const { connectionOptions, namespace } = temporalConfig();
const connection = await NativeConnection.connect(connectionOptions);
const worker = await Worker.create({
  connection,
  namespace,
  dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER },
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  taskQueue: process.env.TASK_QUEUE ?? '',
  activities: { reportRun },
  sinks: {
    bench: { finished: { fn: (_, id) => sendToParent('finished', id) } },
  } satisfies InjectedSinks<FloorSinks>,
  maxConcurrentWorkflowTaskExecutions: 40,
  maxConcurrentLocalActivityExecutions: 20,
  maxCachedWorkflows: 2_000,
  shutdownGraceTime: '1s',
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
await worker.run();
await connection.close();
// The message channel to the bench would keep this process alive.
process.exit();
