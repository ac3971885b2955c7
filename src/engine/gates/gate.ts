import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import type { DecisionRequest } from '../../domain/facts.ts';

/**
 * One kind of rule. Answers with one verdict for each rule of the definitions that concerns the candidate; all pass, or
 * each says why not and when it lifts.
 */
export type Gate = (candidate: Candidate, situation: DecisionRequest) => GateVerdict[];

/** @param rule where it stands in the definitions; left out where none is defined */
export function pass(gate: string, rule?: string): GateVerdict[] {
  return [rule === undefined ? { gate, pass: true } : { gate, pass: true, rule }];
}

export function block(
  gate: string,
  code: string,
  why: Omit<GateVerdict, 'gate' | 'pass' | 'code'> = {},
): GateVerdict {
  return { gate, pass: false, code, ...why };
}
