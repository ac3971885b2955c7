import { withheldData } from '../../domain/attribute.ts';
import type { Candidate, Verdict } from '../../domain/candidate.ts';
import type { Situation } from '../../domain/context.ts';
import { blocked, type Gate, pass } from '../gate.ts';
import { scopeOf } from '../scope.ts';

const LAYERS = ['eligible', 'applicable', 'suitable'] as const;
const GATE = { eligible: 'eligibility', applicable: 'applicability', suitable: 'suitability' } as const;

/** The action's own conditions. All three are asked, so that each reason is known. */
export const conditions: Gate = (candidate, situation) => {
  const scope = scopeOf(candidate, situation);
  return LAYERS.flatMap((layer): Verdict[] => {
    const expression = candidate.action[layer];
    if (expression === null) return pass(GATE[layer]);
    const result = situation.evaluate(expression, scope);
    if (!result.ok) {
      const observed = result.error + withheld(candidate, situation, scope.use);
      return [blocked(GATE[layer], 'error', { rule: layer, observed, needed: expression })];
    }
    if (result.value === true) return pass(GATE[layer], layer);
    const { value: observed } = result;
    return [blocked(GATE[layer], `not_${layer}`, { rule: layer, observed, needed: expression })];
  });
};

/** A value that is there and may not be read looks like one that is missing; the record says which it was. */
function withheld({ action }: Candidate, { facts, now }: Situation, use: 'marketing' | 'service'): string {
  const data = withheldData(facts, action.reads, use, now);
  return data.length === 0
    ? ''
    : `; withheld: ${data.map((d) => `${d.attribute} (${d.because})`).join(', ')}`;
}
