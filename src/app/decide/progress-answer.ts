import type { LoadedFacts } from '../../../db/decisions/read-facts.ts';
import type { JourneyRow } from '../../../db/journeys/lock-journey.ts';
import type { DecidedAction } from '../../../db/schema/json.ts';
import { AGENT_DESK } from '../../domain/candidate.ts';
import type { UsedAttribute } from '../../domain/customer/attribute.ts';
import { type PendingEffect, type ProgressAnswer, toProgressView } from '../../domain/protocol.ts';
import type { JourneyState } from '../../domain/state.ts';
import { listActionReasons } from '../../engine/arbitration/reasons.ts';
import type { AdvanceResult } from '../../engine/journey/advance.ts';
import type { PlannedDelivery, PlannedTask } from '../../engine/journey/plan.ts';

/** What holds without a new decision. */
export function currentProgress(
  row: JourneyRow,
  state: JourneyState,
  read: LoadedFacts,
): Omit<ProgressAnswer, 'kind' | 'more'> {
  const effects = listPendingEffects(read, null);
  return {
    ordinal: row.ordinal,
    processedSeq: read.processedSeq,
    state: toProgressView(state),
    effects,
    wakeAt: row.wakeAt,
  };
}

/** Every effect that isn't final after this decision. */
export function listPendingEffects(
  facts: Pick<LoadedFacts, 'deliveries' | 'tasks'>,
  advanced: AdvanceResult | null,
): PendingEffect[] {
  const plan = advanced?.plan;
  const over = new Set([
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
  ].filter((effect) => !over.has(effect.id));
}

/** What was chosen, as the decision keeps it. `dataUsed` says which of the customer's data an action rests on (B-10). */
export function listDecidedActions(
  advanced: AdvanceResult,
  dataUsed: (action: string, version: number) => UsedAttribute[],
): DecidedAction[] {
  const { plan } = advanced;
  const common = (of: PlannedDelivery | PlannedTask, channel: string) => ({
    action: of.action,
    class: of.class,
    enrollmentId: of.enrollmentId,
    ...chosenAs(advanced, of, channel),
    dataUsed: dataUsed(of.action, of.bundleVersion),
  });
  return [
    ...plan.deliveries.map((d) => ({
      ...common(d, d.channel),
      deliveries: [{ id: d.id, channel: d.channel, variant: d.variant, sendAt: d.at, why: d.sendReason }],
    })),
    ...plan.tasks.map((t) => ({
      ...common(t, AGENT_DESK),
      task: { id: t.id, queue: t.queue },
      deliveries: [],
    })),
  ];
}

/** With which probability, and why. Of what goes out by several channels only one was drawn. */
function chosenAs(
  { judgedCandidates: judged, arbitrations: arbitrated }: AdvanceResult,
  { enrollmentId, action, class: of }: PlannedDelivery | PlannedTask,
  channel: string,
): Pick<DecidedAction, 'propensity' | 'reasons'> {
  const its = judged.findLast(
    (one) =>
      one.verdict === 'chosen' &&
      one.enrollmentId === enrollmentId &&
      one.action === action &&
      one.channel === channel,
  );
  const won = arbitrated.findLast(({ chosen }) => chosen.slice(0, chosen.lastIndexOf('/')) === action);
  return { propensity: its?.propensity ?? 1, reasons: listActionReasons(of, won ?? null) };
}
