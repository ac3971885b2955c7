import type { ActionDef, Bundle } from '../../domain/definition.ts';

/** The journeys and placements that may offer the action. */
export function listOffers(
  { journeys, placements }: Bundle,
  { id }: ActionDef,
): { journeys: string[]; placements: string[] } {
  const offers = (journey: Bundle['journeys'][number]) =>
    journey.steps.some((step) => step.kind === 'decide' && step.actions.includes(id));
  return {
    journeys: journeys.filter(offers).map((journey) => journey.id),
    placements: placements.filter(({ actions }) => actions.includes(id)).map((placement) => placement.id),
  };
}
