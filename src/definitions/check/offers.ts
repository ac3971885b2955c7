import type { ActionDef, JourneyDef, PlacementDef, WorkspaceDef } from '../../domain/definition.ts';
import { EVENT } from '../../domain/event.ts';
import { checkProperties } from '../cel/check-properties.ts';
import { formatDuration } from '../describe/summaries.ts';
import type { ActionSource } from '../source/action-schema.ts';
import type { Problem } from '../source/problem.ts';
import type { DefinitionSource, Sources } from '../source/read-sources.ts';
import type { CompiledDefinition, PreviousBundle } from './definition.ts';

/**
 * Warns of actions that no journey and no placement offers. Checks the conditions of the others against the events that
 * open their journeys.
 */
export function checkOffers(
  sources: Sources,
  actions: CompiledDefinition<ActionDef>[],
  journeys: CompiledDefinition<JourneyDef>[],
  placements: CompiledDefinition<PlacementDef>[],
): void {
  const placed = new Set(placements.flatMap(({ def }) => def.actions.concat(def.fallback)));
  const journeysByAction = new Map<string, JourneyDef[]>();
  for (const { def } of journeys) {
    for (const id of new Set(def.steps.flatMap((step) => (step.kind === 'decide' ? step.actions : []))))
      journeysByAction.set(id, [...(journeysByAction.get(id) ?? []), def]);
  }
  const hasInvalidJourney = sources.journeys.some((source) => source.value === undefined);
  for (const { def, source, context } of actions) {
    const offeringJourneys = journeysByAction.get(def.id) ?? [];
    if (offeringJourneys.length === 0 && !placed.has(def.id) && !hasInvalidJourney)
      context.warn('id', `no journey offers '${def.id}'`);
    if (placed.has(def.id)) continue;
    const events = listOpeningEvents(offeringJourneys);
    for (const [key, expression] of listConditions(source.value as ActionSource))
      checkProperties(expression, events, context.names.events, context, key);
  }
}

/** The events that open the journeys. Empty if anything else may open one of them. */
function listOpeningEvents(journeys: JourneyDef[]): string[] {
  const entries = journeys.flatMap(({ enter }) => enter);
  if (!entries.every((entry) => entry.kind === 'event')) return [];
  return [...new Set(entries.flatMap((entry) => (entry.kind === 'event' ? [entry.trigger.on] : [])))];
}

function listConditions(action: ActionSource): [string, string][] {
  const { eligible, applicable, suitable, value, cost, boost, reasons } = action;
  const boosts = boost.map(({ when }, index): [string, string] => [`boost[${index}].when`, when]);
  const codes = Object.entries(reasons).map(([code, when]): [string, string] => [`reasons.${code}`, when]);
  return [...Object.entries({ eligible, applicable, suitable, value, cost }), ...boosts, ...codes].filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
}

/** An overdue ticket keeps silencing its customer, so a journey should react to it. */
export function checkOverdueTickets(
  { def, context }: CompiledDefinition<WorkspaceDef>,
  journeys: CompiledDefinition<JourneyDef>[],
): void {
  const isHandled = journeys.some(({ def: { enter } }) =>
    enter.some((entry) => entry.kind === 'event' && entry.trigger.on === EVENT.ticketOverdue),
  );
  if (isHandled) return;
  const age = formatDuration(def.tickets.maxAge);
  context.warn(
    'tickets.maxAge',
    `no journey reacts to tickets open for longer than ${age}: add one that enters on ${EVENT.ticketOverdue}`,
  );
}

/** Warns of each removed journey, and says what happens to the customers inside. */
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
