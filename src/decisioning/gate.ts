import type { Candidate, Verdict } from '../domain/candidate.ts';
import type { Situation } from '../domain/context.ts';

/**
 * One kind of rule. Answers with one verdict for each rule of the definitions that concerns the candidate; all pass, or
 * each says why not and when it lifts.
 */
export type Gate = (candidate: Candidate, situation: Situation) => Verdict[];

/** @param rule where it stands in the definitions; left out where none is defined */
export function pass(gate: string, rule?: string): Verdict[] {
  return [rule === undefined ? { gate, pass: true } : { gate, pass: true, rule }];
}

export function blocked(
  gate: string,
  code: string,
  why: Omit<Verdict, 'gate' | 'pass' | 'code'> = {},
): Verdict {
  return { gate, pass: false, code, ...why };
}
