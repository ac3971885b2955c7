import type { Database, Tx } from '../../../../db/client.ts';
import { lockWorkspaces } from '../../../../db/config/lock-workspaces.ts';
import { type Claimant, lockAccount, lockClaimant, readClaimant } from '../../../../db/customers/claimant.ts';
import { readFacts } from '../../../../db/decisions/read-facts.ts';
import { lockSubjects } from '../../../../db/locks/lock-subjects.ts';
import type { TaskRow } from '../../../../db/tasks/tasks.ts';
import { AGENT_DESK, type EnrollmentContext, type GateVerdict } from '../../../domain/candidate.ts';
import type { Bundle } from '../../../domain/definition.ts';
import { belongToSameAction } from '../../../domain/delivery.ts';
import type { EVENT } from '../../../domain/event.ts';
import type { Facts } from '../../../domain/facts.ts';
import type { EffectRequest } from '../../../domain/protocol.ts';
import { NO_ENTRY } from '../../../domain/state.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { judgeClaimedCandidate } from '../../../engine/gates/judge.ts';
import type { IncomingEvent } from '../../intake/incoming-event.ts';
import { retryTransaction } from '../../intake/retry-transaction.ts';
import { buildFacts, buildRequest } from '../facts/build-facts.ts';
import { buildClaimQuery } from '../facts/facts-query.ts';
import type { DecideDeps } from '../journey.ts';
import { listSharedSubjects } from './shared-subjects.ts';

export interface ClaimJudgement {
  facts: Facts;
  /** The version that the action was decided under. */
  bundle: Bundle;
  /** Those that refuse; empty when the effect may begin. */
  refusals: GateVerdict[];
}

export interface ClaimSubject {
  id: string;
  action: string;
  channel: string;
  bundleVersion: number;
  enrollment: EnrollmentContext;
  /** Id of the ticket or order that it is about; the enrollment's key if it isn't given. */
  subject?: string | null;
  /** Minor units that were reserved for it. */
  cost: number;
  now: Instant;
}

/** An agent task, as its claim is judged. */
export function toClaimSubject(
  { id, action, bundleVersion, enrollmentId, key, subject, cost }: TaskRow,
  now: Instant,
): ClaimSubject {
  const asking = { id: enrollmentId, key, enteredAt: now, entry: NO_ENTRY, vars: {} };
  return { id, action, channel: AGENT_DESK, bundleVersion, enrollment: asking, subject, cost, now };
}

/** What was locked in a claim's order has changed before all of it was: the transaction is begun again. */
export class ClaimantChangedError extends Error {
  /** As of a failed serialization, which it is. */
  readonly code = '40001';
}

/** Runs a claim's transaction, again where it ran into another one's locks. */
export function runClaimTransaction<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return retryTransaction(async () => (await db.sql.begin((tx) => work(tx))) as T);
}

/**
 * Locks what acceptance locks, in its order, before anything is locked that only effects use. So "accepted before it
 * began" has a meaning: a ticket that committed first is seen by the claim, one that comes later finds it begun (I3).
 * The account is locked in share where its tickets silence everybody. With `counted`, those shared subjects are locked
 * too whose caps this action uses, so that no two claims count them at once.
 *
 * Returns who answers for the customer today, or null for nobody. @throws SubjectMoved to be tried again
 */
export async function lockForClaim(
  tx: Tx,
  request: Pick<EffectRequest, 'workspace' | 'customerId'>,
  counted?: { deps: Pick<DecideDeps, 'bundles'>; action: { id: string; bundleVersion: number } },
): Promise<Claimant | null> {
  const locked = await lockWorkspaces(tx, [request.workspace]);
  const claimant = await readClaimant(tx, request.customerId);
  if (!claimant) return null;
  if (claimant.accountId !== null) await lockAccount(tx, claimant.workspace, claimant.accountId);
  if (counted) {
    const { deps, action } = counted;
    const version = locked.get(request.workspace)?.configVersion ?? action.bundleVersion;
    const current = await deps.bundles(tx, request.workspace, version);
    const decided = await deps.bundles(tx, request.workspace, action.bundleVersion);
    await lockSubjects(tx, listSharedSubjects(claimant, current, requireAction(decided, action.id)));
  }
  if (!(await lockClaimant(tx, claimant)))
    throw new ClaimantChangedError('the customer has changed meanwhile');
  return claimant;
}

/** Asks the gates again under those locks. */
export async function judgeClaim(
  tx: Tx,
  deps: DecideDeps,
  request: EffectRequest,
  subject: ClaimSubject,
): Promise<ClaimJudgement> {
  const { now } = subject;
  const claimant = await readClaimant(tx, request.customerId);
  if (!claimant || claimant.erased) throw new Error(`customer ${request.customerId} is gone`);
  const { customerId, configVersion } = claimant;
  const bundle = await deps.bundles(tx, request.workspace, subject.bundleVersion);
  // The newest definitions hold for contact policy and suppression; the action is the one that was decided.
  const current = await deps.bundles(tx, request.workspace, configVersion);
  const action = requireAction(bundle, subject.action);
  const own = { decisionId: decisionOf(subject.id), enrollmentId: subject.enrollment.id };
  const read = await readFacts(tx, buildClaimQuery(customerId, current, action, now, own));
  if (!read) throw new Error(`customer ${customerId} is gone`);
  const facts = buildFacts({ workspace: request.workspace, customerId }, read, current, deps.zones, now);
  const claimed = { id: subject.id, enrollmentId: subject.enrollment.id, action: subject.action };
  const others = {
    ...facts,
    deliveries: facts.deliveries.filter((d) => !belongToSameAction(d, claimed)),
    tasks: facts.tasks.filter((t) => t.id !== subject.id),
  };
  const { enrollment: asking, channel, cost: reserved } = subject;
  const about = subject.subject === undefined ? asking.key : subject.subject;
  const decided = { autonomy: 'rules_only', deliver: 'one' } as const;
  const candidate = { enrollment: asking, action, channel, subject: about, order: 0, reserved, ...decided };
  const fitted = await deps.fits(tx, request.workspace, read.fitVersion);
  const situation = buildRequest(others, { bundle: current, fitted }, deps.evaluate, now);
  const verdicts = judgeClaimedCandidate(candidate, situation);
  return { facts, bundle, refusals: verdicts.filter((verdict) => !verdict.pass) };
}

/** Ids of effects name the decision that minted them. */
function decisionOf(effectId: string): string {
  return effectId.slice(0, effectId.lastIndexOf('_')).replace(/^(dlv|tsk)_/, 'dec_');
}

/** An action of a version that names it. */
export function requireAction(bundle: Bundle, id: string): Bundle['actions'][number] {
  const action = bundle.actions.find((a) => a.id === id);
  if (!action) throw new Error(`bundle ${bundle.version} has no action ${id}`);
  return action;
}

/** When all refusals have lifted, as far as time alone lifts them. */
export function computeLiftTime(refusals: GateVerdict[]): Instant | null {
  const times = refusals.map((refusal) => refusal.liftsAt ?? null);
  return times.every((at) => at !== null) ? Math.max(...times) : null;
}

/** A fact about an effect, as an event of its customer's log. `key` makes it one and the same on a second try. */
export function buildEffectEvent(
  request: Pick<EffectRequest, 'workspace' | 'customerId' | 'id'>,
  name: (typeof EVENT)[keyof typeof EVENT],
  key: string,
  properties: Record<string, unknown>,
): IncomingEvent {
  return {
    workspace: request.workspace,
    customerId: request.customerId,
    messageId: `${request.id}/${name}/${key}`,
    type: 'track',
    name,
    at: Date.now(),
    historical: false,
    source: 'throughline',
    properties,
    traits: {},
    context: {},
  };
}
