import type { Tx } from '../../db/client.ts';
import { lockCustomers } from '../../db/queries/lock-customers.ts';
import { lockWorkspaces } from '../../db/queries/lock-workspaces.ts';
import { readFacts } from '../../db/queries/read-facts.ts';
import { judgeAtClaim } from '../decisioning/gates/index.ts';
import { longestWindow } from '../decisioning/windows.ts';
import type { Asking, Verdict } from '../domain/candidate.ts';
import type { Facts } from '../domain/context.ts';
import type { Bundle } from '../domain/definition.ts';
import type { EVENT } from '../domain/event.ts';
import type { EffectRequest } from '../domain/protocol.ts';
import type { Instant } from '../domain/time.ts';
import type { IncomingEvent } from '../intake/incoming.ts';
import type { DecideDeps } from './decide-next-best-action.ts';
import { factsOf, situationAtClaim } from './situation.ts';

export interface Claimed {
  facts: Facts;
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
  now: Instant;
}

/**
 * Locks what acceptance locks, in its order, before anything is locked that only effects use. So "accepted before it
 * began" has a meaning: a ticket that committed first is seen by the claim, one that comes later finds it begun (I3).
 */
export async function lockForClaim(
  tx: Tx,
  request: Pick<EffectRequest, 'workspace' | 'customerId'>,
): Promise<void> {
  await lockWorkspaces(tx, [request.workspace]);
  await lockCustomers(tx, [{ id: request.customerId, workspace: request.workspace }]);
}

/** Asks the gates again under those locks. */
export async function judgeClaim(
  tx: Tx,
  deps: DecideDeps,
  request: EffectRequest,
  subject: ClaimSubject,
): Promise<Claimed> {
  const { now } = subject;
  const bundle = await deps.bundles(tx, request.workspace, subject.bundleVersion);
  const read = await readFacts(tx, {
    customerId: request.customerId,
    afterSeq: Number.MAX_SAFE_INTEGER,
    limit: 0,
    since: now - longestWindow(bundle),
    ids: [],
    endings: [],
  });
  if (!read) throw new Error(`customer ${request.customerId} is gone`);
  // The newest definitions hold for contact policy and suppression; the action is the one that was decided.
  const current = await deps.bundles(tx, request.workspace, read.configVersion);
  const facts = factsOf(request, read, current, deps.zones, now);
  const action = bundle.actions.find((a) => a.id === subject.action);
  if (!action) throw new Error(`bundle ${bundle.version} has no action ${subject.action}`);
  const others = {
    ...facts,
    deliveries: facts.deliveries.filter((d) => d.id !== subject.id),
    tasks: facts.tasks.filter((t) => t.id !== subject.id),
  };
  const candidate = { enrollment: subject.asking, action, channel: subject.channel, order: 0 };
  const verdicts = judgeAtClaim(candidate, situationAtClaim(others, current, deps.evaluate, now));
  return { facts, bundle, refusals: verdicts.filter((verdict) => !verdict.pass) };
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
