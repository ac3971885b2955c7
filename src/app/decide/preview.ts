import { viewCustomer } from '../../../db/customers/customer-snapshot.ts';
import { readFacts } from '../../../db/decisions/read-facts.ts';
import { readProcessedPosition } from '../../../db/journeys/processed-position.ts';
import { notFound } from '../../api/frame/http-error.ts';
import type { Api } from '../../api/frame/operation.ts';
import { channelsOf } from '../../domain/action-channels.ts';
import type { EnrollmentContext, GateVerdict } from '../../domain/candidate.ts';
import type { ActionDef, Bundle, JourneyDef } from '../../domain/definition.ts';
import { type Enrollment, NO_ENTRY } from '../../domain/state.ts';
import type { Instant } from '../../domain/time/time.ts';
import { judgeCandidate } from '../../engine/gates/judge.ts';
import { readActiveBundle } from '../config/active-bundle.ts';
import { buildFacts, buildRequest } from './facts/build-facts.ts';
import { buildClaimQuery } from './facts/facts-query.ts';

/** What the gates say about an action on one of its channels. */
interface ChannelVerdicts {
  channel: string;
  gates: GateVerdict[];
}

export interface GatePreview {
  action: ActionDef;
  now: Instant;
  bundle: number;
  /** The open enrollment that proposes it, on whose behalf the gates were asked. */
  enrollment: Enrollment | null;
  channels: ChannelVerdicts[];
}

/**
 * Asks every gate about one action now, on each of its channels, and sends nothing: the same gates over the same facts
 * as a decision's. What only a decision does is left out: who wins among several, and doing nothing.
 * @throws HttpError 404
 */
export async function previewAction(
  api: Api,
  who: { workspace: string; customerId: string },
  actionId: string,
): Promise<GatePreview> {
  const { deps } = api;
  const { workspace, customerId } = who;
  const bundle = await readActiveBundle(deps, workspace);
  const action = bundle?.actions.find((def) => def.id === actionId);
  if (!bundle || !action) throw notFound('action');
  const { sql } = deps.db;
  const snapshot = await viewCustomer(sql, workspace, customerId);
  const { lastNow } = await readProcessedPosition(sql, customerId);
  const now = Math.max(Date.now(), lastNow);
  const read = await readFacts(sql, buildClaimQuery(customerId, bundle, action, now));
  if (!snapshot || !read) throw notFound('customer');
  const facts = buildFacts(who, read, bundle, deps.zones, now);
  const fitted = await deps.fits(sql, workspace, read.fitVersion);
  const situation = buildRequest(facts, { bundle, fitted }, deps.evaluate, now);
  const enrollment = proposing(snapshot.state?.enrollments ?? [], bundle, action.id);
  const asking = enrollment ?? nobody(now);
  const channels = channelsOf(action).map((channel) => ({
    channel,
    gates: judgeCandidate(
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
function nobody(now: Instant): EnrollmentContext {
  const entry = { ...NO_ENTRY, at: now };
  return { id: '', key: null, enteredAt: now, entry, vars: {} };
}
