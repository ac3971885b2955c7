import { setTimeout as sleep } from 'node:timers/promises';
import { buildWorkflowId } from '../../src/workflows/identifiers.ts';
import { spawnChild } from '../support/spawn-child.ts';
import { type Stage, WORKSPACE } from './stage.ts';

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
