import type { JudgedCandidate } from '../../domain/candidate.ts';

/** A gate and the reason for which it blocked. */
export interface BlockingReason {
  gate: string;
  code: string;
}

/** A reason with the rule in the definitions; null if the gate has none, and in decisions of earlier builds. */
export interface BlockingRule extends BlockingReason {
  rule: string | null;
}

/** Why a candidate was blocked: each gate and reason once. Empty if it was not. */
export function listReasons({ verdict, gates }: JudgedCandidate): BlockingReason[] {
  if (verdict !== 'blocked') return [];
  const found = new Map<string, BlockingReason>();
  for (const { gate, code = 'blocked', pass } of gates)
    if (!pass) found.set(JSON.stringify([gate, code]), { gate, code });
  return [...found.values()];
}

/** The rules that blocked a candidate, each once. Empty if it was not blocked. */
export function listRules({ verdict, gates }: JudgedCandidate): BlockingRule[] {
  if (verdict !== 'blocked') return [];
  const found = new Map<string, BlockingRule>();
  for (const { gate, code = 'blocked', rule = null, pass } of gates)
    if (!pass) found.set(JSON.stringify([gate, code, rule]), { gate, code, rule });
  return [...found.values()];
}
