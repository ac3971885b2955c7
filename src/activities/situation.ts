import type { FactsRead } from '../../db/queries/read-facts.ts';
import type { FittedScores } from '../decisioning/scores/types.ts';
import { scoresOf } from '../decisioning/scores.ts';
import type { Evaluate, Facts, Situation } from '../domain/context.ts';
import type { Bundle } from '../domain/definition.ts';
import { trait } from '../domain/profile.ts';
import { quietUntilOf } from '../domain/ticket.ts';
import type { Instant } from '../domain/time.ts';
import type { ZoneTable } from './zone-table.ts';

/** Makes the core's facts of what was read. */
export function factsOf(
  owner: { workspace: string; customerId: string },
  read: FactsRead,
  bundle: Bundle,
  zones: ZoneTable,
  now: Instant,
): Facts {
  const zone = trait(read.profile, 'timezone');
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
    past: read.past,
    paused: read.paused,
    zone: zones(typeof zone === 'string' ? zone : timezone, timezone, now),
    suppressedAddresses: read.suppressedAddresses,
    account: read.account,
    attributes: bundle.attributes,
    personalisation: bundle.workspace.personalisation,
    history: read.history,
    shared: read.shared,
    swept: read.swept,
    knownSince: read.knownSince,
    pausedActions: read.pausedActions,
    coupons: read.coupons,
    budgets: read.budgets,
  };
}

/** What the gates look at when an effect is claimed. A ticket closed since the last decision still has its cool-down to come. */
export function situationAtClaim(
  facts: Facts,
  { bundle, fitted }: { bundle: Bundle; fitted: FittedScores | null },
  evaluate: Evaluate,
  now: Instant,
): Situation {
  const quiet = facts.tickets.flatMap((ticket) => quietUntilOf(bundle.workspace.tickets, ticket, now) ?? []);
  return {
    facts,
    bundle,
    openTickets: facts.tickets.filter((ticket) => ticket.status === 'open'),
    quietUntil: quiet.length > 0 ? Math.max(...quiet) : null,
    now,
    evaluate,
    scores: scoresOf({ facts, bundle, fitted, now, evaluate }),
    stage: null,
    actedAlready: false,
    subject: facts.customerId,
    seed: '',
  };
}
