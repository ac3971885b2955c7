import type { Tx } from '../../../../db/client.ts';
import type { Claimant } from '../../../../db/customers/claimant.ts';
import type { TaskRow } from '../../../../db/tasks/tasks.ts';
import {
  AGENT_DESK,
  type Candidate,
  type EnrollmentContext,
  type GateVerdict,
} from '../../../domain/candidate.ts';
import type { ActionDef, Bundle } from '../../../domain/definition.ts';
import { belongToSameAction } from '../../../domain/delivery.ts';
import type { DecisionFacts } from '../../../domain/facts.ts';
import { NO_ENTRY } from '../../../domain/state.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { judgeCandidate } from '../../../engine/gates/judge.ts';
import { claimPolicy } from '../../../engine/policy.ts';
import { buildActionQuery } from '../facts/facts-query.ts';
import { assembleRequest, loadCustomer } from '../load.ts';
import type { DecisionServices } from '../services.ts';
import { requireAction } from './require-action.ts';

export interface ClaimJudgement {
  facts: DecisionFacts;
  /** The version that the action was decided under. */
  bundle: Bundle;
  /** The newest version, whose policy holds. */
  current: Bundle;
  /** The verdicts that refuse; empty when the effect may begin. */
  refusals: GateVerdict[];
  scores: Record<string, number>;
}

/** An effect that is about to begin. */
export interface ClaimSubject {
  id: string;
  decisionId: string;
  action: string;
  channel: string;
  bundleVersion: number;
  enrollment: EnrollmentContext;
  /** Id of the ticket or order that the effect is about; the enrollment's key if it is not given. */
  subject?: string | null;
  /** Minor units that the decision reserved for it. */
  cost: number;
  now: Instant;
}

/** An agent task, as its claim is judged. */
export function toClaimSubject(
  { id, decisionId, action, bundleVersion, enrollmentId, key, subject, cost }: TaskRow,
  now: Instant,
): ClaimSubject {
  const enrollment = { id: enrollmentId, key, enteredAt: now, entry: NO_ENTRY, vars: {} };
  return { id, decisionId, action, channel: AGENT_DESK, bundleVersion, enrollment, subject, cost, now };
}

/**
 * Asks the gates once more, under the locks of `lockForClaim`. The newest definitions hold for contact policy and
 * suppression; the action is the one that was decided.
 * @param claimant as `lockForClaim` returned it
 */
export async function judgeClaim(
  tx: Tx,
  services: DecisionServices,
  { workspace, customerId, configVersion, erased }: Claimant,
  subject: ClaimSubject,
): Promise<ClaimJudgement> {
  if (erased) throw new Error(`customer ${customerId} was erased`);
  const { now } = subject;
  const decided = await services.bundles(tx, workspace, subject.bundleVersion);
  const current = await services.bundles(tx, workspace, configVersion);
  const action = requireAction(decided, subject.action);
  const claimed = { decisionId: subject.decisionId, enrollmentId: subject.enrollment.id };
  const query = buildActionQuery(customerId, current, action, now, claimed);
  const owner = { workspace, customerId };
  const customer = await loadCustomer(tx, services, owner, { query, bundle: current, now });
  if (!customer) throw new Error(`customer ${customerId} was merged or erased under its own lock`);
  const request = await assembleRequest(tx, services, {
    purpose: 'claim',
    policy: claimPolicy(current),
    customer: { ...customer, facts: withoutSubject(customer.facts, subject) },
    bundle: current,
    now,
  });
  const verdicts = judgeCandidate(toCandidate(subject, action), request);
  const refusals = verdicts.filter(({ pass }) => !pass);
  return { facts: customer.facts, bundle: decided, current, refusals, scores: request.scores };
}

/** The contact history without the effect itself, and without further channels of the same action. */
function withoutSubject(facts: DecisionFacts, { id, enrollment, action }: ClaimSubject): DecisionFacts {
  const subject = { id, enrollmentId: enrollment.id, action };
  return {
    ...facts,
    deliveries: facts.deliveries.filter((delivery) => !belongToSameAction(delivery, subject)),
    tasks: facts.tasks.filter((task) => task.id !== id),
  };
}

function toCandidate({ enrollment, channel, subject, cost }: ClaimSubject, action: ActionDef): Candidate {
  return {
    enrollment,
    action,
    channel,
    subject: subject === undefined ? enrollment.key : subject,
    order: 0,
    autonomy: 'rules_only',
    deliver: 'one',
    reservedCost: cost,
  };
}
