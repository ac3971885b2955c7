import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { PAYLOAD_CONVERTER } from '../../src/temporal/connection.ts';
import { WORKFLOWS } from '../../src/temporal/worker.ts';
import { buildWorkflowId } from '../../src/workflows/identifiers.ts';
import { spawnChild } from '../support/spawn-child.ts';
import { type Stage, WORKSPACE } from './stage.ts';

/** Bundles the workflow code into a file. */
export async function bundleToFile(): Promise<{ codePath: string; remove(): void }> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS,
    payloadConverterPath: PAYLOAD_CONVERTER,
    logger: new DefaultLogger('WARN'),
  });
  const dir = mkdtempSync(path.join(tmpdir(), 'throughline-chaos-'));
  const codePath = path.join(dir, 'workflow-bundle.js');
  writeFileSync(codePath, code);
  return { codePath, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/**
 * Replays the current run of each customer on this build, in a process of its own: replays leave memory behind that is
 * never freed. Returns those that cannot be replayed.
 */
export async function replayAll(
  { servers }: Stage,
  customerIds: string[],
  codePath: string,
): Promise<{ workflowId: string; error: string }[]> {
  const child = spawnChild('test/chaos/replay-child.ts', {
    TEMPORAL_ADDRESS: servers.temporalAddress,
    WORKFLOW_BUNDLE: codePath,
    WORKFLOW_IDS: JSON.stringify(customerIds.map((id) => buildWorkflowId(WORKSPACE, id))),
  });
  const code = await child.gone;
  // What it printed last may arrive after its end.
  await sleep(200);
  const answer = child.lines.find((line) => line.startsWith('{"failed"'));
  if (code !== 0 || answer === undefined) throw new Error(`the replay failed: ${child.lines.join('\n')}`);
  return (JSON.parse(answer) as { failed: { workflowId: string; error: string }[] }).failed;
}
