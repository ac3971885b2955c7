import type { ActionDef, Bundle } from '../../domain/definition.ts';
import type { Evaluator, ExpressionScope } from '../../domain/facts.ts';

/**
 * The segments that the customer is inside, of those by which blocks of the action's content are chosen, in the order of
 * segments.yaml. A condition that fails counts as outside.
 */
export function listSegmentsInside(
  { blockSegments = [] }: Pick<ActionDef, 'blockSegments'>,
  { segments }: Pick<Bundle, 'segments'>,
  scope: ExpressionScope,
  evaluate: Evaluator,
): string[] {
  return blockSegments.filter((id) => {
    const when = segments.find((segment) => segment.id === id)?.when;
    const result = when === undefined ? undefined : evaluate(when, scope);
    return result?.ok === true && result.value === true;
  });
}
