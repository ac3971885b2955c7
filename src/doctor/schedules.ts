import { count, type Finding, fail, ok, warn } from './finding.ts';

export interface ScheduleFacts {
  /** Names that the active bundles require. */
  required: string[];
  existing: { name: string; paused: boolean }[];
  /** Workspaces whose newest bundle the relay has not looked at yet. */
  unsynced: string[];
}

const SHOWN = 5;

/** Judges whether Temporal has the schedules that the active bundles require. */
export function judgeSchedules({ required, existing, unsynced }: ScheduleFacts): Finding[] {
  const names = new Set(existing.map(({ name }) => name));
  const missing = required.filter((name) => !names.has(name));
  const orphaned = [...names].filter((name) => !required.includes(name));
  const paused = existing
    .filter(({ name, paused }) => paused && required.includes(name))
    .map(({ name }) => name);
  const findings: Finding[] = [];
  if (unsynced.length > 0)
    findings.push(
      warn(
        'schedules_behind',
        `the relay has not made the schedules of the newest bundle of ${unsynced.join(', ')} yet`,
        'wait some seconds; if it stays, check that a relay runs',
      ),
    );
  if (missing.length > 0)
    findings.push(
      fail(
        'schedules_missing',
        `${count(missing.length, 'schedule is', 'schedules are')} missing: ${list(missing)}`,
        'check that a relay runs: it makes them',
      ),
    );
  if (orphaned.length > 0)
    findings.push(
      warn(
        'schedules_orphaned',
        `${count(orphaned.length, 'schedule belongs', 'schedules belong')} to no active bundle: ${list(orphaned)}`,
        'check that a relay runs: it removes those of sweeps. Others remain from a workspace that is gone',
      ),
    );
  if (paused.length > 0)
    findings.push(
      warn(
        'schedules_paused',
        `${count(paused.length, 'schedule is', 'schedules are')} paused: ${list(paused)}`,
        'resume with temporal schedule toggle --unpause, unless somebody wants that',
      ),
    );
  if (findings.length > 0) return findings;
  return [ok('schedules', `all ${required.length} schedules exist, and none is paused`)];
}

function list(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return names.slice(0, SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
