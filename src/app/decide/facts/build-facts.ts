import type { LoadedFacts } from '../../../../db/decisions/read-facts.ts';
import { readTrait } from '../../../domain/customer/profile.ts';
import type { Bundle } from '../../../domain/definition.ts';
import type { DecisionRequest, Evaluator, Facts } from '../../../domain/facts.ts';
import { quietUntilOf } from '../../../domain/ticket.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { computeScores } from '../../../learning/scores/compute-scores.ts';
import type { FittedScores } from '../../../learning/scores/types.ts';
import type { ZoneLookup } from '../../time-zones.ts';

/** Makes the core's facts of what was read. */
export function buildFacts(
  owner: { workspace: string; customerId: string },
  read: LoadedFacts,
  bundle: Bundle,
  zones: ZoneLookup,
  now: Instant,
): Facts {
  const zone = readTrait(read.profile, 'timezone');
  const { timezone } = bundle.workspace;
  return {
    workspace: owner.workspace,
    customerId: owner.customerId,
    profile: read.profile,
    profileSeq: read.seq,
    tickets: read.tickets,
    consents: read.consents,
    deliveries: read.deliveries,
    tasks: read.tasks,
    pastEnrollments: read.pastEnrollments,
    paused: read.paused,
    zone: zones(typeof zone === 'string' ? zone : timezone, timezone, now),
    suppressedAddresses: read.suppressedAddresses,
    account: read.account,
    attributes: bundle.attributes,
    personalisation: bundle.workspace.personalisation,
    eventHistory: read.eventHistory,
    sharedUse: read.sharedUse,
    segmentsSwept: read.segmentsSwept,
    knownSince: read.knownSince,
    pausedActions: read.pausedActions,
    coupons: read.coupons,
    budgets: read.budgets,
  };
}

/** What the gates look at when an effect is claimed. A ticket closed since the last decision still has its cool-down to come. */
export function buildRequest(
  facts: Facts,
  { bundle, fitted }: { bundle: Bundle; fitted: FittedScores | null },
  evaluate: Evaluator,
  now: Instant,
): DecisionRequest {
  const quiet = facts.tickets.flatMap((ticket) => quietUntilOf(bundle.workspace.tickets, ticket, now) ?? []);
  return {
    facts,
    bundle,
    openTickets: facts.tickets.filter((ticket) => ticket.status === 'open'),
    quietUntil: quiet.length > 0 ? Math.max(...quiet) : null,
    now,
    evaluate,
    scores: computeScores({ facts, bundle, fitted, now, evaluate }),
    stage: null,
    actedAlready: false,
    experimentSubject: facts.customerId,
    seed: '',
  };
}
