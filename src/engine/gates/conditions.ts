import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import { listWithheldAttributes } from '../../domain/customer/attribute.ts';
import type { ConditionSlice } from '../../domain/facts.ts';
import { GATE_FAILED } from '../../domain/verdict-code.ts';
import type { DecisionRequest } from '../request.ts';
import { buildScope } from '../scope.ts';
import { block, type Gate, pass } from './gate.ts';

const LAYERS = ['eligible', 'applicable', 'suitable'] as const;
const GATE = { eligible: 'eligibility', applicable: 'applicability', suitable: 'suitability' } as const;

/** The action's own conditions. All three are evaluated, so that every reason is listed. */
export const conditions: Gate<ConditionSlice> = (candidate, request) => {
  const scope = buildScope(candidate, request);
  return LAYERS.flatMap((layer): GateVerdict[] => {
    const expression = candidate.action[layer];
    if (expression === null) return pass(GATE[layer]);
    const result = request.evaluate(expression, scope);
    if (!result.ok) {
      const observed = result.error + describeWithheld(candidate, request, scope.use);
      return [block(GATE[layer], GATE_FAILED, { rule: layer, observed, needed: expression })];
    }
    if (result.value === true) return pass(GATE[layer], layer);
    const { value: observed } = result;
    return [block(GATE[layer], `not_${layer}`, { rule: layer, observed, needed: expression })];
  });
};

/** A value that may not be read looks like a missing one: the record says which it was. */
function describeWithheld(
  { action }: Candidate,
  { facts, now }: DecisionRequest<ConditionSlice>,
  use: 'marketing' | 'service',
): string {
  const data = listWithheldAttributes(facts, action.reads, use, now);
  return data.length === 0 ? '' : `; withheld: ${data.map((d) => `${d.attribute} (${d.reason})`).join(', ')}`;
}
