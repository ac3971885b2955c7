import type { Verdict } from '../../domain/candidate.ts';
import type { Situation } from '../../domain/context.ts';
import type { ActionDef, Bundle, CapDef } from '../../domain/definition.ts';
import { contactsOf } from '../contacts.ts';
import { type Gate, pass } from '../gate.ts';
import { full, fullTogether } from '../window.ts';
import { capsOf } from '../windows.ts';

const GATE = 'caps';

/** So many contacts per sliding window: of the customer, or of all who share the cap. */
export const caps: Gate = ({ action, channel }, situation) => {
  const verdicts = capsOf(situation.bundle).flatMap((cap, index) =>
    covers(cap, action) && (cap.channel === null || cap.channel === channel)
      ? judge(cap, ruleOf(index, situation.bundle), situation)
      : [],
  );
  return verdicts.length > 0 ? verdicts : pass(GATE);
};

/** A shared cap is full by everybody's use, or by the customer's own: who has no account has the account's cap alone. */
function judge(cap: CapDef, rule: string, situation: Situation): Verdict[] {
  const { facts, now } = situation;
  const of = { gate: GATE, rule, code: 'cap_reached' };
  const shared =
    cap.of === 'customer' ? undefined : facts.shared.find((s) => s.action === null && same(s.cap, cap));
  const together = shared ? fullTogether(of, shared, now) : null;
  if (together) return [together];
  const counted = contactsOf(situation).filter(
    (contact) => covers(cap, contact) && (cap.channel === null || cap.channel === contact.channel),
  );
  const alone = full(of, counted, cap, now);
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
