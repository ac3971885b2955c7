import type { JourneyRow } from '../../db/queries/lock-journey.ts';
import type { FactsRead } from '../../db/queries/read-facts.ts';
import type { Advanced } from '../domain/advance/advance.ts';
import type { DataUsed } from '../domain/attribute.ts';
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
    ...deliveries.map((d): Effect => ({ kind: 'deliver', id: d.id, class: d.class, channel: d.channel })),
    ...tasks.map((t): Effect => ({ kind: 'raise_agent_task', id: t.id, class: t.class })),
  ].filter((effect) => !over.has(effect.id));
}

/** What was chosen, as the decision keeps it. `dataUsed` says which of the customer's data an action rests on (B-10). */
export function actionsOf(
  { plan }: Advanced,
  dataUsed: (action: string, version: number) => DataUsed[],
): unknown[] {
  const reasons = (actionClass: string) => [actionClass === 'marketing' ? 'highest_score' : 'highest_class'];
  return [
    ...plan.deliveries.map((d) => ({
      action: d.action,
      class: d.class,
      enrollmentId: d.enrollmentId,
      deliveries: [{ id: d.id, channel: d.channel, sendAt: d.at }],
      propensity: 1,
      reasons: reasons(d.class),
      dataUsed: dataUsed(d.action, d.bundleVersion),
    })),
    ...plan.tasks.map((t) => ({
      action: t.action,
      class: t.class,
      enrollmentId: t.enrollmentId,
      task: { id: t.id, queue: t.queue },
      deliveries: [],
      propensity: 1,
      reasons: reasons(t.class),
      dataUsed: dataUsed(t.action, t.bundleVersion),
    })),
  ];
}
