import type { GateVerdict } from '../../domain/candidate.ts';
import type { Bundle, CapDef } from '../../domain/definition.ts';
import { collectContacts, countsTowardsCap, countTentativeUse } from '../contacts.ts';
import { listCaps } from '../look-back.ts';
import type { DecisionRequest } from '../request.ts';
import { type Gate, pass } from './gate.ts';
import { judgeSharedWindow, judgeWindow } from './window.ts';

const GATE = 'caps';

/** So many contacts per sliding window: of the customer, or of all customers who share the cap. */
export const caps: Gate<'contacts' | 'tasks'> = ({ action, channel }, request) => {
  const contact = { class: action.class, purpose: action.purpose, channel };
  const verdicts = listCaps(request.bundle).flatMap((cap, index) =>
    countsTowardsCap(cap, contact) ? judgeCap(cap, ruleOf(index, request.bundle), request) : [],
  );
  return verdicts.length > 0 ? verdicts : pass(GATE);
};

/**
 * A shared cap is full by the use of all who share it, or by the customer's own. A customer without an account has only
 * their own use of the account's cap.
 */
function judgeCap(cap: CapDef, rule: string, request: DecisionRequest<'contacts' | 'tasks'>): GateVerdict[] {
  const { facts, now } = request;
  const window = { gate: GATE, rule, code: 'cap_reached' } as const;
  const use =
    cap.of === 'customer'
      ? undefined
      : facts.sharedUse.find((shared) => shared.action === null && isSameCap(shared.cap, cap));
  const sharedVerdict = use ? judgeSharedWindow(window, use, countTentativeUse(request, use), now) : null;
  if (sharedVerdict) return [sharedVerdict];
  const contacts = collectContacts(request).filter((contact) => countsTowardsCap(cap, contact));
  const ownVerdict = judgeWindow(window, contacts, cap, now);
  return ownVerdict ? [ownVerdict] : pass(GATE, rule);
}

/** The workspace's caps come first, then its group's. */
function ruleOf(index: number, { workspace }: Bundle): string {
  const count = workspace.caps.length;
  return index < count ? `caps[${index}]` : `group.caps[${index - count}]`;
}

function isSameCap(a: CapDef, b: CapDef): boolean {
  return (
    a.of === b.of && a.max === b.max && a.per === b.per && a.channel === b.channel && a.purpose === b.purpose
  );
}
