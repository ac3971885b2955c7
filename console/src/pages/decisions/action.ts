import type { Answer } from '../../api/use-api.ts';

/** An action with its guardrails and what its choices came to. */
export type ActionDetail = Answer<'get', '/v1/actions/{id}'>;

const HARMS = ['unsubscribe', 'complaint', 'ticket', 'refund', 'by_hand'] as const;

/** A harm in words; one that this build does not know keeps its name. */
export function nameHarm(harm: string, words: Record<(typeof HARMS)[number], string>): string {
  const known = HARMS.find((name) => name === harm);
  return known ? words[known] : harm;
}
