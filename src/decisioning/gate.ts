import type { Candidate, Verdict } from '../domain/candidate.ts';
import type { Situation } from '../domain/context.ts';

/** One rule. Answers with one verdict per thing it looks at; all pass, or each says why not and when it lifts. */
export type Gate = (candidate: Candidate, situation: Situation) => Verdict[];

export function pass(gate: string): Verdict[] {
  return [{ gate, pass: true }];
}

export function blocked(
  gate: string,
  code: string,
  why: Omit<Verdict, 'gate' | 'pass' | 'code'> = {},
): Verdict {
  return { gate, pass: false, code, ...why };
}
