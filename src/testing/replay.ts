import { readFile } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { PAYLOAD_CONVERTER } from '../temporal/connection.ts';
import { WORKFLOWS } from '../temporal/worker.ts';

export type History = temporal.api.history.v1.IHistory;

/** The workflow code as it is now, bundled; make it once and hand it to every replay. */
export async function bundleWorkflows(): Promise<{ code: string }> {
  return bundleWorkflowCode({ workflowsPath: WORKFLOWS, payloadConverterPath: PAYLOAD_CONVERTER });
}

/** The history of a live customer journey: of its current run, or of the one named. */
export async function fetchHistory(client: Client, workflowId: string, runId?: string): Promise<History> {
  return client.workflow.getHandle(workflowId, runId).fetchHistory();
}

/** Reads a history as {@link serializeHistory}, Temporal's CLI or its UI writes it. */
export async function readHistoryFile(file: string): Promise<History> {
  return historyFromJSON(JSON.parse(await readFile(file, 'utf8')));
}

/** As JSON that {@link readHistoryFile} can load; a plain JSON.stringify of a history can't be loaded again. */
export function serializeHistory(history: History): string {
  return `${JSON.stringify(JSON.parse(historyToJSON(history)), undefined, 1)}\n`;
}

/**
 * Replays a history on the workflow code as it is now.
 *
 * @throws DeterminismViolationError when this code would have done something else than what the history records:
 * shipping it would stop that customer's journey.
 */
export async function replayHistory(
  history: History,
  options: { bundle?: { code: string } | { codePath: string }; workflowId?: string } = {},
): Promise<void> {
  const workflowBundle = options.bundle ?? (await bundleWorkflows());
  const dataConverter = { payloadConverterPath: PAYLOAD_CONVERTER };
  await Worker.runReplayHistory({ workflowBundle, dataConverter }, history, options.workflowId);
}
