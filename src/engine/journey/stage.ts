import { EVENT } from '../../domain/event.ts';
import type { AdvanceRun } from './advance-run.ts';
import { publishEvent } from './publish-event.ts';

/** Sets the customer's stage to the first one whose condition holds, and publishes a change. Any may follow any. */
export function evaluateStage(run: AdvanceRun): void {
  const { stages } = run.input.bundle.workspace;
  const context = { enrollment: null, event: null, use: 'marketing' as const };
  const to = stages.find((stage) => run.holds(stage.when, context))?.id ?? null;
  const from = run.state.stage?.id ?? null;
  if (from === to) return;
  run.state.stage = to === null ? null : { id: to, since: run.now };
  run.record.changes.push({ kind: 'stage', from, to });
  publishEvent(run, `stage:${run.input.decisionRef}`, EVENT.stageChanged, { from, to });
}
