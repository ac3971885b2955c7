import { readConfigVersion } from '../../../db/config/active-bundle.ts';
import { pauseAction, readPausedActions, readResumeTimes } from '../../../db/guardrails/paused-actions.ts';
import type { JobDeps, JobProgress, JobRequest } from './job.ts';
import { readGuardrails } from './read-guardrails.ts';

/**
 * Pauses each marketing action whose customers have significantly more harmful events than the controls. Each action has
 * its own transaction, so earlier pauses stay if a later action fails. Only a person can resume an action.
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
    const guardrails = await readGuardrails(sql, bundle, action, { now, resumedAt });
    if (guardrails?.verdict !== 'pause') continue;
    const [worst] = guardrails.readings
      .filter((reading) => reading.verdict === 'pause')
      .sort((a, b) => a.p - b.p);
    if (!worst) continue;
    const { harm, ...reading } = worst;
    const cause = { harm, reading };
    const changed = await pauseAction(sql, {
      workspace,
      action: action.id,
      since: now,
      cause,
      resumedAt,
    });
    if (changed) deps.log?.warn({ workspace, action: action.id, cause }, 'a guardrail has paused an action');
  }
  return { more: false };
}
