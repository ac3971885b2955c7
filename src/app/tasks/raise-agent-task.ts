import type { Tx } from '../../../db/client.ts';
import { type HistoryItem, readNewestEvents } from '../../../db/events/newest-events.ts';
import { changeTask, lockTask, readTask, type TaskRow } from '../../../db/tasks/tasks.ts';
import { delayWake } from '../../../db/wakes/lease-wakes.ts';
import { EVENT } from '../../domain/event.ts';
import type { Facts } from '../../domain/facts.ts';
import type { EffectRequest, EffectResult } from '../../domain/protocol.ts';
import { iso } from '../../domain/time/time.ts';
import { buildEffectEvent } from '../decide/claim/effect-event.ts';
import { judgeClaim, toClaimSubject } from '../decide/claim/judge.ts';
import { ClaimantChangedError, lockForClaim, runClaimTransaction } from '../decide/claim/lock.ts';
import { traceEffect } from '../decide/claim/trace-effect.ts';
import type { DecisionServices } from '../decide/services.ts';
import { acceptInTransaction } from '../intake/commit.ts';

/** Number of newest events in the case: as many as an agent reads before a call. */
const CASE_EVENTS = 20;

/**
 * Opens a planned task on the agent desk. The gates judge once more, under the locks of acceptance. The task gets a case:
 * the customer's facts at this instant, so that the customer needn't repeat anything (B-8). The agent's result comes
 * back as an event.
 */
export function raiseAgentTask(deps: DecisionServices, effect: EffectRequest): Promise<EffectResult> {
  return traceEffect('raise agent task', deps.db, effect, () => raise(deps, effect));
}

async function raise(deps: DecisionServices, effect: EffectRequest): Promise<EffectResult> {
  const { id, now } = effect;
  const result = (state: EffectResult['state']): EffectResult => ({ id, state, retryAt: null });
  return runClaimTransaction(deps.db, async (tx) => {
    const planned = await readTask(tx, effect.workspace, id);
    if (!planned) return result('withdrawn');
    const { workspace, customerId, action, bundleVersion } = planned;
    const claimant = await lockForClaim(
      tx,
      { workspace, customerId },
      { deps, action: { id: action, bundleVersion } },
    );
    const task = await lockTask(tx, id);
    if (task && task.customerId !== customerId)
      throw new ClaimantChangedError('the task went to another customer');
    if (task?.state !== 'planned') return result(task?.state ?? 'withdrawn');
    if (!claimant || claimant.erased) {
      await changeTask(tx, task, { state: 'withdrawn', endReason: 'customer_gone' });
      return result('withdrawn');
    }
    const request = { ...effect, workspace, customerId: claimant.customerId };
    const { facts, refusals } = await judgeClaim(tx, deps, claimant, toClaimSubject(task, now));
    if (refusals.length > 0) {
      await changeTask(tx, task, { state: 'withdrawn', endReason: refusals[0]?.code ?? 'refused' });
      await appendTaskEvent(tx, deps, request, task, EVENT.taskWithdrawn, { verdict: refusals });
      return result('withdrawn');
    }
    const history = await readNewestEvents(tx, request.customerId, CASE_EVENTS);
    await changeTask(tx, task, { state: 'open', case: buildCase(task, facts, history) });
    await appendTaskEvent(tx, deps, request, task, EVENT.taskOpened, { queue: task.queue });
    return result('open');
  });
}

async function appendTaskEvent(
  tx: Tx,
  deps: DecisionServices,
  request: EffectRequest,
  task: TaskRow,
  name: (typeof EVENT)['taskOpened' | 'taskWithdrawn'],
  details: Record<string, unknown>,
): Promise<void> {
  const properties = { task_id: task.id, enrollment_id: task.enrollmentId, action: task.action, ...details };
  await acceptInTransaction(tx, deps, [buildEffectEvent(request, name, '1', properties)]);
  await delayWake(tx, request.customerId, 10);
}

/** Builds the case from the parts that the task's definition attaches. */
function buildCase(
  task: TaskRow,
  facts: Facts<'profile' | 'service'>,
  history: HistoryItem[],
): Record<string, unknown> {
  const { profile, tickets } = facts;
  const attached = new Set(task.definition.attach);
  return {
    asOf: iso(Date.now()),
    eventSeq: facts.profileSeq,
    ...(attached.has('cart') ? { cart: profile.cart && { ...profile.cart, at: iso(profile.cart.at) } } : {}),
    ...(attached.has('payments')
      ? { payments: profile.payments.map((payment) => ({ ...payment, at: iso(payment.at) })) }
      : {}),
    ...(attached.has('tickets')
      ? {
          tickets: tickets
            .filter((ticket) => ticket.ownerId === null)
            .map(({ id, status, severity, subject, openedAt }) => ({
              id,
              status,
              severity,
              subject,
              since: iso(openedAt),
            })),
        }
      : {}),
    ...(attached.has('timeline')
      ? {
          timeline: `/v1/customers/${facts.customerId}/timeline`,
          history: history.map((item) => ({ ...item, at: iso(item.at) })),
        }
      : {}),
  };
}
