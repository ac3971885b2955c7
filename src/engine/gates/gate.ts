import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import type { DecisionSlice, FactSlice } from '../../domain/facts.ts';
import type { DecisionRequest } from '../request.ts';

/**
 * One kind of rule. Returns one verdict for each rule of the definitions that concerns the candidate: it passes, or the
 * verdict says why not and when that lifts. `Reads` are the slices of the facts that the gate reads.
 */
export type Gate<Reads extends FactSlice = DecisionSlice> = (
  candidate: Candidate,
  request: DecisionRequest<Reads>,
) => GateVerdict[];

/** @param rule where the rule stands in the definitions; left out where none is defined */
export function pass(gate: string, rule?: string): GateVerdict[] {
  return [rule === undefined ? { gate, pass: true } : { gate, pass: true, rule }];
}

/** @param code stable, lower_snake: it appears in the API and in records */
export function block(
  gate: string,
  code: string,
  details: Omit<GateVerdict, 'gate' | 'pass' | 'code'> = {},
): GateVerdict {
  return { gate, pass: false, code, ...details };
}
