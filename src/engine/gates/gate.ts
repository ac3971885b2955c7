import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import type { DecisionSlice, FactSlice } from '../../domain/facts.ts';
import type { GateName, VerdictCode } from '../../domain/verdict-code.ts';
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

/** A verdict that blocks. */
export function block<G extends GateName>(
  gate: G,
  code: VerdictCode<G>,
  details: Omit<GateVerdict, 'gate' | 'pass' | 'code'> = {},
): GateVerdict {
  return { gate, pass: false, code, ...details };
}
