import { readFacts } from '../../db/queries/read-facts.ts';
import { readTaken } from '../../db/queries/read-taken.ts';
import { viewCustomer } from '../../db/queries/view-customer.ts';
import { factsOf, situationAtClaim } from '../activities/situation.ts';
import { factsForClaim } from '../activities/wanted-facts.ts';
import { judge } from '../decisioning/gates/index.ts';
import type { Asking, Verdict } from '../domain/candidate.ts';
import type { ActionDef, Bundle, JourneyDef } from '../domain/definition.ts';
import { channelsOf } from '../domain/offer.ts';
import { type Enrollment, NO_ENTRY } from '../domain/state.ts';
import type { Instant } from '../domain/time.ts';
import { activeBundle } from './active-bundle.ts';
import { notFound } from './http-error.ts';
import type { Api } from './operation.ts';

/** What the gates say about an action on one of its channels. */
export interface Asked {
  channel: string;
  gates: Verdict[];
}

export interface Answers {
  action: ActionDef;
  now: Instant;
  bundle: number;
  /** The open enrollment that proposes it, on whose behalf the gates were asked. */
  enrollment: Enrollment | null;
  channels: Asked[];
}

/**
 * Asks every gate about one action now, on each of its channels, and sends nothing: the same gates over the same facts
 * as a decision's. What only a decision does is left out: who wins among several, and doing nothing.
 * @throws HttpError 404
 */
export async function askGates(
  api: Api,
  who: { workspace: string; customerId: string },
  actionId: string,
): Promise<Answers> {
  const { deps } = api;
  const { workspace, customerId } = who;
  const bundle = await activeBundle(api, workspace);
  const action = bundle?.actions.find((def) => def.id === actionId);
  if (!bundle || !action) throw notFound('action');
  const { sql } = deps.db;
  const snapshot = await viewCustomer(sql, workspace, customerId);
  const { lastNow } = await readTaken(sql, customerId);
  const now = Math.max(Date.now(), lastNow);
  const read = await readFacts(sql, factsForClaim(customerId, bundle, action, now));
  if (!snapshot || !read) throw notFound('customer');
  const facts = factsOf(who, read, bundle, deps.zones, now);
  const fitted = await deps.fits(sql, workspace, read.fitVersion);
  const situation = situationAtClaim(facts, { bundle, fitted }, deps.evaluate, now);
  const enrollment = proposing(snapshot.state?.enrollments ?? [], bundle, action.id);
  const asking = enrollment ?? nobody(now);
  const channels = channelsOf(action).map((channel) => ({
    channel,
    gates: judge(
      { enrollment: asking, action, channel, subject: asking.key, order: 0, ...DECIDED },
      situation,
    ),
  }));
  return { action, now, bundle: bundle.version, enrollment, channels };
}

/** The open enrollment whose own step proposes the action; else the first whose journey does. */
function proposing(open: Enrollment[], bundle: Bundle, action: string): Enrollment | null {
  const treated = open.filter((one) => one.arm === 'treated');
  const proposes = (one: Enrollment, step?: string) =>
    stepsOf(bundle, one).some(
      (s) => (step === undefined || s.id === step) && s.kind === 'decide' && s.actions.includes(action),
    );
  return treated.find((one) => proposes(one, one.step)) ?? treated.find((one) => proposes(one)) ?? null;
}

function stepsOf(bundle: Bundle, { journey }: Enrollment): JourneyDef['steps'] {
  return bundle.journeys.find((def) => def.id === journey)?.steps ?? [];
}

/** The gates don't look at who decides. */
const DECIDED = { autonomy: 'rules_only', deliver: 'one' } as const;

/** Nothing has opened an enrollment: conditions on `event` and `enrollment` find nothing there. */
function nobody(now: Instant): Asking {
  const entry = { ...NO_ENTRY, at: now };
  return { id: '', key: null, enteredAt: now, entry, vars: {} };
}
