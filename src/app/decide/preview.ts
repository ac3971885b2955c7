import { viewCustomer } from '../../../db/customers/customer-snapshot.ts';
import { readProcessedPosition } from '../../../db/journeys/processed-position.ts';
import { channelsOf } from '../../domain/action-channels.ts';
import type { EnrollmentContext, GateVerdict } from '../../domain/candidate.ts';
import type { ActionDef, Bundle, JourneyDef } from '../../domain/definition.ts';
import { type Enrollment, NO_ENTRY } from '../../domain/state.ts';
import type { Instant } from '../../domain/time/time.ts';
import { judgeCandidate } from '../../engine/gates/judge.ts';
import { bundlePolicy } from '../../engine/policy.ts';
import { limitSteps } from '../../limits/limit-steps.ts';
import { runWithin } from '../../limits/run-within.ts';
import { readActiveBundle } from '../config/active-bundle.ts';
import { recordNotFound } from '../use-case-error.ts';
import { DECISION_LIMITS } from './decision-limits.ts';
import type { FactsOwner } from './facts/build-facts.ts';
import { buildActionQuery } from './facts/facts-query.ts';
import { assembleRequest, loadCustomer } from './load.ts';
import type { DecisionServices } from './services.ts';

/** The gates' verdicts about an action on one of its channels. */
interface ChannelVerdicts {
  channel: string;
  gates: GateVerdict[];
}

export interface GatePreview {
  action: ActionDef;
  now: Instant;
  bundle: Bundle;
  /** The open enrollment that proposes the action: the gates were asked on its behalf. */
  enrollment: Enrollment | null;
  channels: ChannelVerdicts[];
}

/**
 * Asks every gate about one action now, on each of its channels, and sends nothing: the same gates over the same facts
 * as a journey's decision. It does not arbitrate: which of several actions wins is left to the decision.
 * @throws UseCaseError `not_found` for an action that the active bundle lacks, and for an unknown customer; LimitError
 */
export async function previewAction(
  services: DecisionServices,
  owner: FactsOwner,
  actionId: string,
): Promise<GatePreview> {
  const { workspace, customerId } = owner;
  const { sql } = services.db;
  const bundle = await readActiveBundle(services, workspace);
  const action = bundle?.actions.find(({ id }) => id === actionId);
  if (!bundle || !action) throw recordNotFound('action');
  const snapshot = await viewCustomer(sql, workspace, customerId);
  const { lastNow } = await readProcessedPosition(sql, customerId);
  const now = Math.max(Date.now(), lastNow);
  const query = buildActionQuery(customerId, bundle, action, now);
  const customer = await loadCustomer(sql, services, owner, { query, bundle, now });
  if (!snapshot || !customer) throw recordNotFound('customer');
  const policy = bundlePolicy(bundle);
  // A condition beyond the limit has failed, and its verdict says so.
  const { evaluate } = limitSteps(services.evaluate, DECISION_LIMITS.steps);
  const input = { purpose: 'preview', policy, customer, bundle, now } as const;
  const request = await assembleRequest(sql, { ...services, evaluate }, input);
  const enrollment = findProposer(snapshot.state?.enrollments ?? [], bundle, action.id);
  const proposer = enrollment ?? withoutEnrollment(now);
  const judge = (channel: string): ChannelVerdicts => ({
    channel,
    gates: judgeCandidate(
      {
        enrollment: proposer,
        action,
        channel,
        subject: proposer.key,
        order: 0,
        autonomy: 'rules_only',
        deliver: 'one',
      },
      request,
    ),
  });
  const channels = runWithin(DECISION_LIMITS.ms, () => channelsOf(action).map(judge));
  return { action, now, bundle, enrollment, channels };
}

/** The open enrollment whose own step proposes the action; otherwise the first whose journey does. */
function findProposer(open: Enrollment[], bundle: Bundle, action: string): Enrollment | null {
  const treated = open.filter((enrollment) => enrollment.arm === 'treated');
  const proposes = (enrollment: Enrollment, stepId?: string) =>
    stepsOf(bundle, enrollment).some(
      (step) =>
        (stepId === undefined || step.id === stepId) &&
        step.kind === 'decide' &&
        step.actions.includes(action),
    );
  const atStep = treated.find((enrollment) => proposes(enrollment, enrollment.step));
  return atStep ?? treated.find((enrollment) => proposes(enrollment)) ?? null;
}

function stepsOf(bundle: Bundle, { journey }: Enrollment): JourneyDef['steps'] {
  return bundle.journeys.find((definition) => definition.id === journey)?.steps ?? [];
}

/** Conditions on `event` and `enrollment` find nothing there. */
function withoutEnrollment(now: Instant): EnrollmentContext {
  const entry = { ...NO_ENTRY, at: now };
  return { id: '', key: null, enteredAt: now, entry, vars: {} };
}
