import { AGENT_DESK } from '../../../domain/candidate.ts';
import { dataUseOf } from '../../../domain/customer/attribute.ts';
import type { ActionDef, DecideStep } from '../../../domain/definition.ts';
import type { Enrollment } from '../../../domain/state.ts';
import { type Instant, SECOND } from '../../../domain/time/time.ts';
import type { DecisionRequest } from '../../request.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { computeExpiry } from '../exits.ts';
import type { ChosenCandidates } from './resolve-choice.ts';

/** Plans the task or the deliveries of the chosen candidates, and lets the enrollment wait for them. */
export function planEffects(
  run: AdvanceRun,
  enrollment: Enrollment,
  chosen: ChosenCandidates,
  request: DecisionRequest,
): void {
  const [{ action, channel }] = chosen;
  const step = run.stepOf(enrollment) as DecideStep;
  const notAfter = enrollment.since + step.hold;
  const common = {
    enrollmentId: enrollment.id,
    action: action.id,
    class: action.class,
    topic: action.topic,
    key: enrollment.key,
    subject: chosen[0].subject,
    bundleVersion: enrollment.pinned ? enrollment.version : run.input.bundle.version,
    at: run.now,
  };
  if (action.task && channel === AGENT_DESK) {
    const id = run.mintId('tsk', run.plan.tasks.length);
    run.plan.tasks.push({
      ...common,
      id,
      cost: run.input.treat(chosen[0], request, notAfter).cost,
      queue: action.task.queue,
      acknowledgeBy: run.now + action.task.acknowledge,
      resolveBy: run.now + action.task.resolve,
      reasons: listReasons(run, enrollment, action),
    });
    enrollment.status = { kind: 'tasked', task: id };
    return;
  }
  const { purpose } = action;
  const { entry } = enrollment;
  const deliveries = chosen.map((candidate) => {
    const id = run.mintId('dlv', run.plan.deliveries.length);
    const treatment = run.input.treat(
      candidate,
      request,
      Math.min(notAfter, computeSendLimit(run, enrollment)),
    );
    run.plan.deliveries.push({
      ...common,
      ...treatment,
      purpose,
      id,
      channel: candidate.channel,
      notAfter,
      entry,
    });
    return id;
  });
  const refusals = enrollment.status.kind === 'held' ? (enrollment.status.refusal?.count ?? 0) : 0;
  enrollment.status = { kind: 'delivering', deliveries, refusals };
}

/** A message has to be sent a second before a time limit of the journey ends the enrollment. */
function computeSendLimit(run: AdvanceRun, enrollment: Enrollment): Instant {
  const exits = run.journeyOf(enrollment)?.exit ?? [];
  return Math.min(...exits.map((exit) => computeExpiry(enrollment, exit) - SECOND));
}

/** Codes for the agent: the event that opened the enrollment, then each reason of the action whose condition holds. */
function listReasons(run: AdvanceRun, enrollment: Enrollment, action: ActionDef): string[] {
  const opened = enrollment.entry.name.toLowerCase().replaceAll(' ', '_');
  const context = { ...run.conditionContext(enrollment), use: dataUseOf(action) };
  const holding = action.reasons.filter(({ when }) => run.holds(when, context));
  return [opened, ...holding.map(({ code }) => code)];
}
