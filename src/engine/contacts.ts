import { AGENT_DESK, type Candidate } from '../domain/candidate.ts';
import type { CapDef } from '../domain/definition.ts';
import { countsAsContact } from '../domain/delivery.ts';
import type { SharedUse } from '../domain/facts.ts';
import type { Instant } from '../domain/time/time.ts';
import type { Contact, TentativeContact } from './contact.ts';
import type { DecisionRequest } from './request.ts';

/** @param at when it is to go out */
export function toTentativeContact(
  { action, channel, enrollment }: Candidate,
  at: Instant,
): TentativeContact {
  const { id, class: actionClass, purpose } = action;
  return {
    enrollmentId: enrollment.id,
    action: id,
    class: actionClass,
    purpose,
    channel,
    key: enrollment.key,
    at,
  };
}

/** Every contact that spacing, caps and limits count. */
export function collectContacts({
  facts,
  bundle,
  tentativeContacts,
}: DecisionRequest<'contacts' | 'tasks'>): Contact[] {
  const calls = facts.tasks
    .filter((task) => task.state !== 'withdrawn' && task.state !== 'expired')
    .map((task) => {
      const definition = bundle.actions.find((action) => action.id === task.action);
      return { ...task, purpose: definition?.purpose ?? task.class, channel: AGENT_DESK };
    });
  return [...facts.deliveries.filter(countsAsContact), ...tentativeContacts, ...calls];
}

/** Whether a cap counts a contact. Without a purpose a cap is about marketing, whatever its purpose. */
export function countsTowardsCap(
  cap: CapDef,
  { class: actionClass, purpose, channel }: Pick<Contact, 'class' | 'purpose' | 'channel'>,
): boolean {
  if (cap.channel !== null && cap.channel !== channel) return false;
  return isCapOnPurpose(cap, { class: actionClass, purpose });
}

/** Whether a cap is about actions of this class and purpose, on whatever channel. */
export function isCapOnPurpose(
  cap: Pick<CapDef, 'purpose'>,
  { class: actionClass, purpose }: Pick<Contact, 'class' | 'purpose'>,
): boolean {
  return cap.purpose === null ? actionClass === 'marketing' : purpose === cap.purpose;
}

/** How many contacts of the decision under way add to a use that is shared with other customers. */
export function countTentativeUse(
  { tentativeContacts }: Pick<DecisionRequest, 'tentativeContacts'>,
  { action, cap }: SharedUse,
): number {
  return tentativeContacts.filter((contact) =>
    action === null ? countsTowardsCap(cap, contact) : contact.action === action,
  ).length;
}
