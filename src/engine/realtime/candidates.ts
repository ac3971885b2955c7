import {
  type Candidate,
  type EnrollmentContext,
  type JudgedCandidate,
  REALTIME,
} from '../../domain/candidate.ts';
import type { ActionDef, PlacementDef } from '../../domain/definition.ts';
import type { Facts } from '../../domain/facts.ts';
import { isInGlobalControl } from '../../domain/holdout.ts';
import type { ServedModel } from '../../learning/model/served-model.ts';
import type { FittedScores } from '../../learning/scores/types.ts';
import type { DecisionRequest } from '../request.ts';

/** A real-time decision: what a placement shows to one customer. */
export interface ListRequest {
  /** Policy of the placement; the seed is the decision's id. */
  request: DecisionRequest;
  placement: PlacementDef;
  /** Actions at most. */
  limit: number;
  /** The learned model; null: rules decide. */
  model: ServedModel | null;
  fitted: FittedScores | null;
}

type CandidateInput = Pick<ListRequest, 'request' | 'placement'>;

/** A placement's actions on its channel. An action that a person carries out cannot be shown. */
export function listCandidates(list: CandidateInput): Candidate[] {
  const { placement, request } = list;
  const actions = placement.actions.flatMap(
    (id) => request.bundle.actions.find((action) => action.id === id) ?? [],
  );
  return actions
    .filter((action) => action.mode === 'auto' && action.channels.includes(placement.channel))
    .map((action, order) => buildCandidate(list, action, order));
}

/** An action as the placement offers it. No enrollment proposes it: `event` is the call itself. */
export function buildCandidate(
  { placement, request }: CandidateInput,
  action: ActionDef,
  order: number,
): Candidate {
  const { bundle, facts, now } = request;
  const { id, channel } = placement;
  const autonomy = placement.autonomy ?? bundle.workspace.autonomy;
  const properties = { placement: id, channel };
  const entry = { id: '', name: 'Decision Asked', at: now, seq: 0, properties };
  const enrollment: EnrollmentContext = { id: REALTIME, key: null, enteredAt: now, entry, vars: {} };
  const subject = findSubject(action, facts);
  return { enrollment, action, channel, subject, order, autonomy, deliver: 'one' };
}

/** A placement has no `about`: a service action is about the customer's newest open ticket, or their newest order. */
function findSubject(
  { about }: ActionDef,
  { tickets, profile }: Facts<'profile' | 'service'>,
): string | null {
  if (about === 'order') return profile.orders.at(-1)?.id ?? null;
  if (about !== 'ticket') return null;
  const open = tickets.filter((ticket) => ticket.ownerId === null && ticket.status === 'open');
  return open.sort((a, b) => b.openedAt - a.openedAt)[0]?.id ?? null;
}

/** The global control sees no marketing here either: otherwise a page would show what a journey withholds. */
export function isHeldOut(
  { bundle, facts, experimentSubject }: DecisionRequest<'profile'>,
  action: ActionDef,
): boolean {
  return (
    action.class === 'marketing' &&
    isInGlobalControl(facts.workspace, experimentSubject, bundle.workspace.holdout)
  );
}

/** The record of an action that a control is not shown. */
export function toControlCandidate({ action, channel }: Candidate): JudgedCandidate {
  const gates = [{ gate: 'holdout', rule: 'holdout', pass: false, code: 'control' }];
  return {
    enrollmentId: REALTIME,
    action: action.id,
    class: action.class,
    channel,
    verdict: 'blocked',
    score: 0,
    propensity: 0,
    gates,
  };
}

/** Whether an action may take a further place: it passed the gates, and at most lost to another action. */
export function passesGates(judged: JudgedCandidate | undefined): boolean {
  return judged?.gates.every((gate) => gate.pass || gate.gate === 'arbitration') ?? false;
}
