import { EVENT } from '../event.ts';
import type { Run } from './run.ts';
import { say } from './say.ts';

/** Where in the whole life the customer stands: the first stage whose condition holds. Any may follow any. */
export function lookAtStage(run: Run): void {
  const { stages } = run.input.bundle.workspace;
  const about = { enrollment: null, event: null, use: 'marketing' as const };
  const to = stages.find((stage) => run.holds(stage.when, about))?.id ?? null;
  const from = run.state.stage?.id ?? null;
  if (from === to) return;
  run.state.stage = to === null ? null : { id: to, since: run.now };
  run.changes.push({ kind: 'stage', from, to });
  say(run, `stage:${run.input.ref}`, EVENT.stageChanged, { from, to });
}
