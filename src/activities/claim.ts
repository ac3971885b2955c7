import type { Database, Tx } from '../../db/client.ts';
import type { TaskRow } from '../../db/queries/agent-tasks.ts';
import { type Claimant, lockAccount, lockClaimant, readClaimant } from '../../db/queries/lock-claimant.ts';
import { lockSubjects } from '../../db/queries/lock-subjects.ts';
import { lockWorkspaces } from '../../db/queries/lock-workspaces.ts';
import { readFacts } from '../../db/queries/read-facts.ts';
import { judgeAtClaim } from '../decisioning/gates/index.ts';
import { type Asking, DESK, type Verdict } from '../domain/candidate.ts';
import type { Facts } from '../domain/context.ts';
import type { Bundle } from '../domain/definition.ts';
import { areOneAction } from '../domain/delivery.ts';
import type { EVENT } from '../domain/event.ts';
import type { EffectRequest } from '../domain/protocol.ts';
import { NO_ENTRY } from '../domain/state.ts';
import type { Instant } from '../domain/time.ts';
import type { IncomingEvent } from '../intake/incoming.ts';
import { tryAgain } from '../intake/try-again.ts';
import type { DecideDeps } from './decide-next-best-action.ts';
import { subjectsOf } from './shared-subjects.ts';
import { factsOf, situationAtClaim } from './situation.ts';
import { factsForClaim } from './wanted-facts.ts';

export interface Claimed {
  facts: Facts;
  /** The version that the action was decided under. */
  bundle: Bundle;
  /** Those that refuse; empty when the effect may begin. */
  refusals: Verdict[];
}

export interface ClaimSubject {
  id: string;
  action: string;
  channel: string;
  bundleVersion: number;
  asking: Asking;
  /** Id of the ticket or order that it is about; the enrollment's key if it isn't given. */
  subject?: string | null;
  /** Minor units that were reserved for it. */
  cost: number;
  now: Instant;
}

/** An agent task, as its claim is judged. */
export function taskSubject(
  { id, action, bundleVersion, enrollmentId, key, subject, cost }: TaskRow,
  now: Instant,
): ClaimSubject {
  const asking = { id: enrollmentId, key, enteredAt: now, entry: NO_ENTRY, vars: {} };
  return { id, action, channel: DESK, bundleVersion, asking, subject, cost, now };
}

/** What was locked in a claim's order has changed before all of it was: the transaction is begun again. */
export class SubjectMoved extends Error {
  /** As of a failed serialization, which it is. */
  readonly code = '40001';
}

/** Runs a claim's transaction, again where it ran into another one's locks. */
export function inClaim<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return tryAgain(async () => (await db.sql.begin((tx) => work(tx))) as T);
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
    await lockSubjects(tx, subjectsOf(claimant, current, actionOf(decided, action.id)));
  }
  if (!(await lockClaimant(tx, claimant))) throw new SubjectMoved('the customer has changed meanwhile');
  return claimant;
}

/** Asks the gates again under those locks. */
export async function judgeClaim(
  tx: Tx,
  deps: DecideDeps,
  request: EffectRequest,
  subject: ClaimSubject,
): Promise<Claimed> {
  const { now } = subject;
  const claimant = await readClaimant(tx, request.customerId);
  if (!claimant || claimant.erased) throw new Error(`customer ${request.customerId} is gone`);
  const { customerId, configVersion } = claimant;
  const bundle = await deps.bundles(tx, request.workspace, subject.bundleVersion);
  // The newest definitions hold for contact policy and suppression; the action is the one that was decided.
  const current = await deps.bundles(tx, request.workspace, configVersion);
  const action = actionOf(bundle, subject.action);
  const own = { decisionId: decisionOf(subject.id), enrollmentId: subject.asking.id };
  const read = await readFacts(tx, factsForClaim(customerId, current, action, now, own));
  if (!read) throw new Error(`customer ${customerId} is gone`);
  const facts = factsOf({ workspace: request.workspace, customerId }, read, current, deps.zones, now);
  const claimed = { id: subject.id, enrollmentId: subject.asking.id, action: subject.action };
  const others = {
    ...facts,
    deliveries: facts.deliveries.filter((d) => !areOneAction(d, claimed)),
    tasks: facts.tasks.filter((t) => t.id !== subject.id),
  };
  const { asking, channel, cost: reserved } = subject;
  const about = subject.subject === undefined ? asking.key : subject.subject;
  const decided = { autonomy: 'rules_only', deliver: 'one' } as const;
  const candidate = { enrollment: asking, action, channel, subject: about, order: 0, reserved, ...decided };
  const fitted = await deps.fits(tx, request.workspace, read.fitVersion);
  const situation = situationAtClaim(others, { bundle: current, fitted }, deps.evaluate, now);
  const verdicts = judgeAtClaim(candidate, situation);
  return { facts, bundle, refusals: verdicts.filter((verdict) => !verdict.pass) };
}

/** Ids of effects name the decision that minted them. */
function decisionOf(effectId: string): string {
  return effectId.slice(0, effectId.lastIndexOf('_')).replace(/^(dlv|tsk)_/, 'dec_');
}

/** An action of a version that names it. */
export function actionOf(bundle: Bundle, id: string): Bundle['actions'][number] {
  const action = bundle.actions.find((a) => a.id === id);
  if (!action) throw new Error(`bundle ${bundle.version} has no action ${id}`);
  return action;
}

/** When all refusals have lifted, as far as time alone lifts them. */
export function liftsAt(refusals: Verdict[]): Instant | null {
  const times = refusals.map((refusal) => refusal.liftsAt ?? null);
  return times.every((at) => at !== null) ? Math.max(...times) : null;
}

/** A fact about an effect, as an event of its customer's log. `key` makes it one and the same on a second try. */
export function factAbout(
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
