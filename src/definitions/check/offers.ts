import type { ActionDef, JourneyDef, PlacementDef, WorkspaceDef } from '../../domain/definition.ts';
import { EVENT } from '../../domain/event.ts';
import { checkProperties } from '../cel/check-properties.ts';
import { formatDuration } from '../describe/summaries.ts';
import type { ActionSource } from '../source/action-schema.ts';
import type { Problem } from '../source/problem.ts';
import type { DefinitionSource, Sources } from '../source/read-sources.ts';
import type { CompiledDefinition, PreviousBundle } from './definition.ts';

/** What can only be seen with all definitions at hand. */

/** Warns of actions that nothing offers, and checks the others' conditions against the events that open their journeys. */
export function checkOffers(
  sources: Sources,
  actions: CompiledDefinition<ActionDef>[],
  journeys: CompiledDefinition<JourneyDef>[],
  placements: CompiledDefinition<PlacementDef>[],
): void {
  const placed = new Set(placements.flatMap(({ def }) => def.actions.concat(def.fallback)));
  const offering = new Map<string, JourneyDef[]>();
  for (const { def } of journeys) {
    for (const id of new Set(def.steps.flatMap((step) => (step.kind === 'decide' ? step.actions : []))))
      offering.set(id, [...(offering.get(id) ?? []), def]);
  }
  const unsure = sources.journeys.some((source) => source.value === undefined);
  for (const { def, source, context } of actions) {
    const by = offering.get(def.id) ?? [];
    if (by.length === 0 && !placed.has(def.id) && !unsure)
      context.warn('id', `no journey offers '${def.id}'`);
    if (placed.has(def.id)) continue;
    const events = openedBy(by);
    for (const [key, expression] of conditionsIn(source.value as ActionSource))
      checkProperties(expression, events, context.names.events, context, key);
  }
}

/** Empty when something else than an event may open one of them. */
function openedBy(journeys: JourneyDef[]): string[] {
  const entries = journeys.flatMap(({ enter }) => enter);
  if (!entries.every((entry) => entry.kind === 'event')) return [];
  return [...new Set(entries.flatMap((entry) => (entry.kind === 'event' ? [entry.trigger.on] : [])))];
}

function conditionsIn(action: ActionSource): [string, string][] {
  const { eligible, applicable, suitable, value, cost, boost, reasons } = action;
  const boosts = boost.map(({ when }, index): [string, string] => [`boost[${index}].when`, when]);
  const codes = Object.entries(reasons).map(([code, when]): [string, string] => [`reasons.${code}`, when]);
  return [...Object.entries({ eligible, applicable, suitable, value, cost }), ...boosts, ...codes].filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
}

/** An overdue ticket goes on silencing: somebody should hear of it. */
export function checkOverdueTickets(
  { def, context }: CompiledDefinition<WorkspaceDef>,
  journeys: CompiledDefinition<JourneyDef>[],
): void {
  const heard = journeys.some(({ def: { enter } }) =>
    enter.some((entry) => entry.kind === 'event' && entry.trigger.on === EVENT.ticketOverdue),
  );
  if (heard) return;
  const age = formatDuration(def.tickets.maxAge);
  context.warn(
    'tickets.maxAge',
    `no journey reacts to tickets open for longer than ${age}: add one that enters on ${EVENT.ticketOverdue}`,
  );
}

/** Says what becomes of the customers inside a journey that is gone. */
export function warnOfRemovedJourneys(
  previous: PreviousBundle | null,
  sources: readonly DefinitionSource<unknown>[],
  warnings: Problem[],
): void {
  const ids = new Set(sources.map((source) => source.id));
  for (const { id, versions } of previous?.journeys ?? []) {
    if (ids.has(id)) continue;
    const consequence =
      versions === 'pin'
        ? 'customers inside it finish under the version that they entered'
        : 'customers inside it leave with reason journey_removed';
    warnings.push({ file: 'journeys', path: id, message: `journey '${id}' was removed: ${consequence}` });
  }
}
