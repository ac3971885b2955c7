import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker';
import { PAYLOAD_CONVERTER } from '../../src/temporal/connection.ts';
import { WORKFLOWS } from '../../src/temporal/worker.ts';
import { fetchHistory, replayHistory } from '../../src/testing/replay.ts';
import { buildWorkflowId } from '../../src/workflows/identifiers.ts';
import { type Stage, WORKSPACE } from './stage.ts';

/** The workflow code, bundled. */
export type WorkflowBundle = { code: string } | { codePath: string };

/** Replays log nothing but errors. Call it once per process, before the first replay. */
export function quietRuntime(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
}

/** Bundles the workflow code without a page of output. */
export function bundleQuietly(): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    workflowsPath: WORKFLOWS,
    payloadConverterPath: PAYLOAD_CONVERTER,
    logger: new DefaultLogger('WARN'),
  });
}

/** Replays the current run of each customer on this build. Returns those that it cannot replay. */
export async function replayAll(
  { client }: Stage,
  customerIds: string[],
  bundle: WorkflowBundle,
): Promise<{ workflowId: string; error: string }[]> {
  const failed: { workflowId: string; error: string }[] = [];
  for (const id of customerIds) {
    const workflowId = buildWorkflowId(WORKSPACE, id);
    const history = await fetchHistory(client, workflowId).catch(() => null);
    if (!history) continue;
    await replayHistory(history, { bundle, workflowId }).catch((error: Error) =>
      failed.push({ workflowId, error: error.message }),
    );
  }
  return failed;
}
