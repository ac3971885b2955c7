import path from 'node:path';
import { recordProcess } from '../../dev/processes/records.ts';
import type { RunningTemporal } from '../../dev/temporal/start.ts';
import { type RunningTemporalUi, startTemporalUi } from '../../dev/temporal/ui.ts';
import type { Progress } from '../progress.ts';

/**
 * Starts Temporal's UI on this port, unless the server has its own. Everything else works without it, so a failure is
 * one line and not an error.
 */
export async function startUi(
  temporal: RunningTemporal,
  port: number,
  options: { dir: string; processFile: string; progress: Progress; signal: AbortSignal },
): Promise<RunningTemporalUi | undefined> {
  const { dir, processFile, progress, signal } = options;
  if (temporal.uiUrl) return { url: temporal.uiUrl, stop: async () => {}, kill: () => {} };
  try {
    return await progress.step("Temporal's UI", (update) =>
      startTemporalUi({
        temporal,
        dir: path.join(dir, 'temporal-ui'),
        port,
        log: (line) => progress.line(line),
        progress: update,
        onSpawn: (pid) => recordProcess(processFile, "Temporal's UI", pid),
        signal,
      }),
    );
  } catch (error) {
    signal.throwIfAborted();
    progress.line(`Temporal's UI is left out: ${(error as Error).message}`);
    return undefined;
  }
}
