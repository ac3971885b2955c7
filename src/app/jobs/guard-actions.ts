import { readConfigVersion } from '../../../db/config/active-bundle.ts';
import { pauseAction, readPausedActions, readResumeTimes } from '../../../db/guardrails/paused-actions.ts';
import type { JobDeps, JobProgress, JobRequest } from './job.ts';
import { readGuardrails } from './read-guardrails.ts';

/**
 * Pauses each marketing action whose customers fare worse than the controls. One after the other, each for itself:
 * what was paused stays so if a later one fails. Only a person resumes.
 */
export async function guardActions(deps: JobDeps, { workspace, now }: JobRequest): Promise<JobProgress> {
  const { sql } = deps.db;
  const version = await readConfigVersion(sql, workspace);
  const bundle = version > 0 ? await deps.bundles(sql, workspace, version) : null;
  if (!bundle?.workspace.guardrails) return { more: false };
  const paused = new Set((await readPausedActions(sql, workspace)).map(({ action }) => action));
  const resumed = await readResumeTimes(sql, workspace);
  for (const action of bundle.actions) {
    if (action.class !== 'marketing' || paused.has(action.id)) continue;
    const resumedAt = resumed.get(action.id) ?? null;
    const found = await readGuardrails(sql, bundle, action, { now, resumedAt });
    if (found?.verdict !== 'pause') continue;
    const [worst] = found.readings.filter((reading) => reading.verdict === 'pause').sort((a, b) => a.p - b.p);
    if (!worst) continue;
    const { harm, ...reading } = worst;
    const because = { harm, reading };
    const done = await pauseAction(sql, {
      workspace,
      action: action.id,
      since: now,
      cause: because,
      resumedAt,
    });
    if (done) deps.log?.warn({ workspace, action: action.id, because }, 'a guardrail has paused an action');
  }
  return { more: false };
}
