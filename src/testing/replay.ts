import { readFile } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { PAYLOAD_CONVERTER } from '../temporal/connection.ts';
import { loadWorkflowBundle, type WorkflowBundle } from '../temporal/workflow-bundle.ts';

export type History = temporal.api.history.v1.IHistory;

/** The workflow code of this version. Load it once and pass the result to every replay. */
export async function bundleWorkflows(): Promise<WorkflowBundle> {
  return loadWorkflowBundle();
}

/** Fetches the history of a live customer journey: of its current run, or of the run `runId`. */
export async function fetchHistory(client: Client, workflowId: string, runId?: string): Promise<History> {
  return client.workflow.getHandle(workflowId, runId).fetchHistory();
}

/** Reads a history from a file that {@link serializeHistory}, Temporal's CLI or its UI has written. */
export async function readHistoryFile(file: string): Promise<History> {
  return historyFromJSON(JSON.parse(await readFile(file, 'utf8')));
}

/** Serializes a history as JSON for {@link readHistoryFile}. A plain JSON.stringify of a history cannot be loaded again. */
export function serializeHistory(history: History): string {
  return `${JSON.stringify(JSON.parse(historyToJSON(history)), undefined, 1)}\n`;
}

/**
 * Replays a history on the current workflow code.
 *
 * @throws DeterminismViolationError when the code would have done something different from what the history records.
 * Shipping such code would stop that customer's journey
 */
export async function replayHistory(
  history: History,
  options: { bundle?: WorkflowBundle; workflowId?: string } = {},
): Promise<void> {
  const workflowBundle = options.bundle ?? (await bundleWorkflows());
  const dataConverter = { payloadConverterPath: PAYLOAD_CONVERTER };
  await Worker.runReplayHistory({ workflowBundle, dataConverter }, history, options.workflowId);
}
