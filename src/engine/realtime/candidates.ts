import {
  type Candidate,
  type EnrollmentContext,
  type JudgedCandidate,
  REALTIME,
} from '../../domain/candidate.ts';
import type { ActionDef } from '../../domain/definition.ts';
import type { Facts } from '../../domain/facts.ts';
import { isInGlobalControl } from '../../domain/holdout.ts';
import type { ListRequest } from './choose-list.ts';

/** On the placement's channel, by itself: what a person must do isn't answered on the spot. */
export function listCandidates(question: ListRequest): Candidate[] {
  const { placement, bundle } = question;
  const actions = placement.actions.flatMap((id) => bundle.actions.find((action) => action.id === id) ?? []);
  return actions
    .filter((action) => action.mode === 'auto' && action.channels.includes(placement.channel))
    .map((action, order) => buildCandidate(question, action, order));
}

/** An action as the placement offers it. */
export function buildCandidate(
  { placement, bundle, facts, now }: ListRequest,
  action: ActionDef,
  order: number,
): Candidate {
  const { id, channel } = placement;
  const autonomy = placement.autonomy ?? bundle.workspace.autonomy;
  const properties = { placement: id, channel };
  const entry = { id: '', name: 'Decision Asked', at: now, seq: 0, properties };
  const enrollment: EnrollmentContext = { id: REALTIME, key: null, enteredAt: now, entry, vars: {} };
  const subject = subjectOf(action, facts);
  return { enrollment, action, channel, subject, order, autonomy, deliver: 'one' };
}

/** No step says what a service action is about: it is the customer's newest open ticket, or their newest order. */
function subjectOf({ about }: ActionDef, { tickets, profile }: Facts): string | null {
  if (about === 'order') return profile.orders.at(-1)?.id ?? null;
  if (about !== 'ticket') return null;
  const own = tickets.filter((ticket) => ticket.ownerId === null && ticket.status === 'open');
  return own.sort((a, b) => b.openedAt - a.openedAt)[0]?.id ?? null;
}

/** Controls of all marketing are controls here, too; else what a journey keeps from them a page would show. */
export function isHeldOut({ bundle, facts, subject }: ListRequest, action: ActionDef): boolean {
  return (
    action.class === 'marketing' && isInGlobalControl(facts.workspace, subject, bundle.workspace.holdout)
  );
}

/** What is kept of an action that a control isn't shown. */
export function toControlCandidate({ action, channel }: Candidate): JudgedCandidate {
  const gates = [{ gate: 'holdout', rule: 'holdout', pass: false, code: 'control' }];
  const { id, class: of } = action;
  return {
    enrollmentId: REALTIME,
    action: id,
    class: of,
    channel,
    verdict: 'blocked',
    score: 0,
    propensity: 0,
    gates,
  };
}

/** Whether it may take a further place: who only lost to another may. */
export function passesGates(judged: JudgedCandidate | undefined): boolean {
  return judged?.gates.every((gate) => gate.pass || gate.gate === 'arbitration') ?? false;
}
