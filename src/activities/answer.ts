import type { JourneyRow } from '../../db/queries/lock-journey.ts';
import type { FactsRead } from '../../db/queries/read-facts.ts';
import type { DecidedAction } from '../../db/queries/view-decisions.ts';
import { reasonsOf } from '../decisioning/arbitration/reasons.ts';
import type { Advanced } from '../domain/advance/advance.ts';
import type { PlannedDelivery, PlannedTask } from '../domain/advance/run.ts';
import type { DataUsed } from '../domain/attribute.ts';
import { DESK } from '../domain/candidate.ts';
import { type Effect, type Held, shownState } from '../domain/protocol.ts';
import type { JourneyState } from '../domain/state.ts';

/** What holds without a new decision. */
export function standing(row: JourneyRow, state: JourneyState, read: FactsRead): Omit<Held, 'kind' | 'more'> {
  const effects = effectsOf(read, null);
  return {
    ordinal: row.ordinal,
    tookSeq: read.tookSeq,
    state: shownState(state),
    effects,
    wakeAt: row.wakeAt,
  };
}

/** Every effect that isn't final after this decision. */
export function effectsOf(
  facts: Pick<FactsRead, 'deliveries' | 'tasks'>,
  advanced: Advanced | null,
): Effect[] {
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
    ...deliveries.map((d): Effect => {
      const { id, class: kind, channel, at } = d;
      return { kind: 'deliver', id, class: kind, channel, notBefore: at };
    }),
    ...tasks.map((t): Effect => ({ kind: 'raise_agent_task', id: t.id, class: t.class })),
  ].filter((effect) => !over.has(effect.id));
}

/** What was chosen, as the decision keeps it. `dataUsed` says which of the customer's data an action rests on (B-10). */
export function actionsOf(
  advanced: Advanced,
  dataUsed: (action: string, version: number) => DataUsed[],
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
      deliveries: [{ id: d.id, channel: d.channel, variant: d.variant, sendAt: d.at, why: d.sendWhy }],
    })),
    ...plan.tasks.map((t) => ({
      ...common(t, DESK),
      task: { id: t.id, queue: t.queue },
      deliveries: [],
    })),
  ];
}

/** With which probability, and why. Of what goes out by several channels only one was drawn. */
function chosenAs(
  { judged, arbitrated }: Advanced,
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
  return { propensity: its?.propensity ?? 1, reasons: reasonsOf(of, won ?? null) };
}
