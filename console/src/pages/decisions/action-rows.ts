import type { components } from '../../api/schema.d.ts';
import { listEffects } from './list-effects.ts';
import type { ACTION_SORTS, WATCHES } from './search.ts';

export type ActionSummary = components['schemas']['Action'];
type Deliveries = components['schemas']['DeliveriesReport'];
type Decisions = components['schemas']['DecisionsReport'];

/** What guardrails say about an action, or who paused it. */
export type Watch = (typeof WATCHES)[number];

/** An action of the list. Numbers are undefined while they are not known. */
export interface ActionRow {
  action: ActionSummary;
  /** Of the journeys that offer it. */
  stages: string[];
  sent: number | undefined;
  /** Candidates that rules stopped. */
  held: number | undefined;
  /** Null: it was never chosen in an arbitration. */
  explored: number | null;
  watch: Watch;
}

export interface ActionFilter {
  q?: string;
  class?: ActionSummary['class'];
  channel?: string;
  stage?: string;
  watch?: Watch;
  sort?: (typeof ACTION_SORTS)[number];
}

/** Joins actions with the stages of their journeys, and with what was sent and stopped. */
export function joinActions(
  actions: readonly ActionSummary[],
  known: {
    stageOf: ReadonlyMap<string, string | null>;
    deliveries: Deliveries | undefined;
    decisions: Decisions | undefined;
  },
): ActionRow[] {
  const { stageOf, deliveries, decisions } = known;
  const blocked = new Map(decisions?.actions.map((item) => [item.action, item.blocked]));
  return actions.map((action) => {
    const { id, offeredBy, recent } = action;
    const stages = new Set(offeredBy.journeys.flatMap((journey) => stageOf.get(journey) ?? []));
    return {
      action,
      stages: [...stages],
      sent: deliveries && listEffects(deliveries, id).reduce((sum, { sent }) => sum + sent, 0),
      held: decisions && (blocked.get(id) ?? 0),
      explored: recent.chosen === 0 ? null : recent.explored / recent.chosen,
      watch: readWatch(action),
    };
  });
}

function readWatch({ state, pauseCause, exposed, guardrails }: ActionSummary): Watch {
  if (state === 'paused') return pauseCause?.harm === 'by_hand' ? 'paused_by_hand' : 'paused_by_guardrail';
  if (exposed === null) return 'none';
  if (guardrails.some(({ verdict }) => verdict === 'pause')) return 'breached';
  return guardrails.some(({ verdict }) => verdict === 'clear') ? 'clear' : 'no_control';
}

/** The rows that fit the filters, sorted; without a sort by name. */
export function filterActions(rows: readonly ActionRow[], filter: ActionFilter): ActionRow[] {
  const words = (filter.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter(({ action, stages, watch }) => {
    const text = [action.id, action.name, action.description, ...action.offeredBy.journeys]
      .join(' ')
      .toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (filter.class === undefined || action.class === filter.class) &&
      (filter.channel === undefined || action.channels.includes(filter.channel)) &&
      (filter.stage === undefined || stages.includes(filter.stage)) &&
      (filter.watch === undefined || watch === filter.watch)
    );
  });
  const byName = (a: ActionRow, b: ActionRow) => nameOf(a).localeCompare(nameOf(b));
  const { sort } = filter;
  if (sort === 'sent' || sort === 'held')
    return found.sort((a, b) => (b[sort] ?? 0) - (a[sort] ?? 0) || byName(a, b));
  if (sort === 'explored')
    return found.sort((a, b) => (b.explored ?? -1) - (a.explored ?? -1) || byName(a, b));
  return found.sort(byName);
}

const nameOf = ({ action: { id, name } }: ActionRow) => name ?? id;
