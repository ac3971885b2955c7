import type { Verdict } from '../../domain/candidate.ts';
import { entryOf } from '../../domain/state.ts';
import { blocked, type Gate, pass } from '../gate.ts';

const LAYERS = ['eligible', 'applicable', 'suitable'] as const;
const GATE = { eligible: 'eligibility', applicable: 'applicability', suitable: 'suitability' } as const;

/** The action's own conditions. All three are asked, so that each reason is known. */
export const conditions: Gate = (
  { action, enrollment },
  { facts, evaluate, now, scores, openTickets, quietUntil, bundle },
) => {
  const quiet = quietUntil !== null && quietUntil > now;
  const marketing =
    (openTickets.length > 0 || quiet) && bundle.workspace.tickets.suppress.includes('marketing');
  const suppressed = { marketing, service: openTickets.length > 0 };
  return LAYERS.flatMap((layer): Verdict[] => {
    const expression = action[layer];
    if (expression === null) return pass(GATE[layer]);
    const result = evaluate(expression, {
      event: entryOf(enrollment),
      facts,
      enrollment,
      now,
      scores,
      suppressed,
    });
    if (!result.ok) return [blocked(GATE[layer], 'error', { observed: result.error, needed: expression })];
    if (result.value === true) return pass(GATE[layer]);
    return [blocked(GATE[layer], `not_${layer}`, { observed: result.value, needed: expression })];
  });
};
