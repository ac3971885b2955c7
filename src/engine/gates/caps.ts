import type { GateVerdict } from '../../domain/candidate.ts';
import type { ActionDef, Bundle, CapDef } from '../../domain/definition.ts';
import type { DecisionRequest } from '../../domain/facts.ts';
import { collectContacts } from '../contacts.ts';
import { listCaps } from '../look-back.ts';
import { type Gate, pass } from './gate.ts';
import { judgeSharedWindow, judgeWindow } from './window.ts';

const GATE = 'caps';

/** So many contacts per sliding window: of the customer, or of all who share the cap. */
export const caps: Gate = ({ action, channel }, situation) => {
  const verdicts = listCaps(situation.bundle).flatMap((cap, index) =>
    covers(cap, action) && (cap.channel === null || cap.channel === channel)
      ? judge(cap, ruleOf(index, situation.bundle), situation)
      : [],
  );
  return verdicts.length > 0 ? verdicts : pass(GATE);
};

/** A shared cap is full by everybody's use, or by the customer's own: who has no account has the account's cap alone. */
function judge(cap: CapDef, rule: string, situation: DecisionRequest): GateVerdict[] {
  const { facts, now } = situation;
  const of = { gate: GATE, rule, code: 'cap_reached' };
  const shared =
    cap.of === 'customer' ? undefined : facts.sharedUse.find((s) => s.action === null && same(s.cap, cap));
  const together = shared ? judgeSharedWindow(of, shared, now) : null;
  if (together) return [together];
  const counted = collectContacts(situation).filter(
    (contact) => covers(cap, contact) && (cap.channel === null || cap.channel === contact.channel),
  );
  const alone = judgeWindow(of, counted, cap, now);
  return alone ? [alone] : pass(GATE, rule);
}

/** The workspace's caps come first, then its group's. */
function ruleOf(index: number, { workspace: { caps: its } }: Bundle): string {
  return index < its.length ? `caps[${index}]` : `group.caps[${index - its.length}]`;
}

/** Without a purpose a cap is about marketing, whatever its purpose. */
function covers(cap: CapDef, { class: of, purpose }: Pick<ActionDef, 'class' | 'purpose'>): boolean {
  return cap.purpose === null ? of === 'marketing' : purpose === cap.purpose;
}

function same(a: CapDef, b: CapDef): boolean {
  return (
    a.of === b.of && a.max === b.max && a.per === b.per && a.channel === b.channel && a.purpose === b.purpose
  );
}
