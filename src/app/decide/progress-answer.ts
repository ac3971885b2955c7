import type { JourneyRow } from '../../../db/journeys/lock-journey.ts';
import type { DecidedAction } from '../../../db/schema/json.ts';
import { AGENT_DESK } from '../../domain/candidate.ts';
import type { UsedAttribute } from '../../domain/customer/attribute.ts';
import { type PendingEffect, type ProgressAnswer, toProgressView } from '../../domain/protocol.ts';
import type { JourneyState } from '../../domain/state.ts';
import { listActionReasons } from '../../engine/arbitration/reasons.ts';
import type { AdvanceResult } from '../../engine/journey/advance.ts';
import type { PlannedDelivery, PlannedTask } from '../../engine/journey/plan.ts';
import type { LoadedFacts } from './facts/load-facts.ts';

/** The progress as it is, without a new decision. */
export function currentProgress(
  row: JourneyRow,
  state: JourneyState,
  loaded: LoadedFacts,
): Omit<ProgressAnswer, 'kind' | 'more'> {
  const effects = listPendingEffects(loaded, null);
  return {
    ordinal: row.ordinal,
    processedSeq: loaded.processedSeq,
    state: toProgressView(state),
    effects,
    wakeAt: row.wakeAt,
  };
}

/** Every effect that is not final after this decision. */
export function listPendingEffects(
  facts: Pick<LoadedFacts, 'deliveries' | 'tasks'>,
  result: AdvanceResult | null,
): PendingEffect[] {
  const plan = result?.plan;
  const ended = new Set([
    ...(plan?.cancelledDeliveries ?? []).map((d) => d.id),
    ...(plan?.withdrawnTasks ?? []).map((t) => t.id),
    ...(plan?.expiredTasks ?? []),
  ]);
  const deliveries = [
    ...facts.deliveries.filter((d) => d.state === 'planned' || d.state === 'sending'),
    ...(plan?.deliveries ?? []),
  ];
  const tasks = [...facts.tasks.filter((t) => t.state === 'planned'), ...(plan?.tasks ?? [])];
  return [
    ...deliveries.map((d): PendingEffect => {
      const { id, class: kind, channel, at } = d;
      return { kind: 'deliver', id, class: kind, channel, notBefore: at };
    }),
    ...tasks.map((t): PendingEffect => ({ kind: 'raise_agent_task', id: t.id, class: t.class })),
  ].filter((effect) => !ended.has(effect.id));
}

/** The chosen actions, for the decision's record. @param dataUsed the customer's data behind an action (B-10) */
export function listDecidedActions(
  result: AdvanceResult,
  dataUsed: (action: string, version: number) => UsedAttribute[],
): DecidedAction[] {
  const { plan } = result;
  const common = (planned: PlannedDelivery | PlannedTask, channel: string) => ({
    action: planned.action,
    class: planned.class,
    enrollmentId: planned.enrollmentId,
    ...explainChoice(result, planned, channel),
    dataUsed: dataUsed(planned.action, planned.bundleVersion),
  });
  return [
    ...plan.deliveries.map((d) => ({
      ...common(d, d.channel),
      deliveries: [
        { id: d.id, channel: d.channel, variant: d.variant, sendAt: d.at, sendReason: d.sendReason },
      ],
    })),
    ...plan.tasks.map((t) => ({
      ...common(t, AGENT_DESK),
      task: { id: t.id, queue: t.queue },
      deliveries: [],
    })),
  ];
}

/** The probability of the choice, and its reasons. Of an action by several channels only one was drawn. */
function explainChoice(
  { judgedCandidates, arbitrations }: AdvanceResult,
  { enrollmentId, action, class: actionClass }: PlannedDelivery | PlannedTask,
  channel: string,
): Pick<DecidedAction, 'propensity' | 'reasons'> {
  const entry = judgedCandidates.findLast(
    (judged) =>
      judged.verdict === 'chosen' &&
      judged.enrollmentId === enrollmentId &&
      judged.action === action &&
      judged.channel === channel,
  );
  const won = arbitrations.findLast(({ chosen }) => chosen.slice(0, chosen.lastIndexOf('/')) === action);
  return { propensity: entry?.propensity ?? 1, reasons: listActionReasons(actionClass, won ?? null) };
}
