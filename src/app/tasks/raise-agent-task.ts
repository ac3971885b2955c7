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
import type { DecisionServices } from '../decide/services.ts';
import { acceptInTransaction } from '../intake/commit.ts';

/** As many events as an agent reads before the phone is picked up. */
const CASE_EVENTS = 20;

/**
 * Puts a task on the agent desk: asks the gates once more, then opens it with the case as the customer's view is at
 * this instant, so that the customer has to repeat nothing (B-8). What the agent answers comes back as an event.
 */
export async function raiseAgentTask(deps: DecisionServices, asked: EffectRequest): Promise<EffectResult> {
  const { id, now } = asked;
  const result = (state: EffectResult['state']): EffectResult => ({ id, state, retryAt: null });
  return runClaimTransaction(deps.db, async (tx) => {
    const planned = await readTask(tx, asked.workspace, id);
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
      await changeTask(tx, task, { state: 'withdrawn' });
      return result('withdrawn');
    }
    const request = { ...asked, workspace, customerId: claimant.customerId };
    const { facts, refusals } = await judgeClaim(tx, deps, claimant, toClaimSubject(task, now));
    if (refusals.length > 0) {
      await changeTask(tx, task, { state: 'withdrawn' });
      await tell(tx, deps, request, task, EVENT.taskWithdrawn, { verdict: refusals });
      return result('withdrawn');
    }
    const history = await readNewestEvents(tx, request.customerId, CASE_EVENTS);
    await changeTask(tx, task, { state: 'open', case: caseOf(task, facts, history) });
    await tell(tx, deps, request, task, EVENT.taskOpened, { queue: task.queue });
    return result('open');
  });
}

async function tell(
  tx: Tx,
  deps: DecisionServices,
  request: EffectRequest,
  task: TaskRow,
  name: (typeof EVENT)['taskOpened' | 'taskWithdrawn'],
  more: Record<string, unknown>,
): Promise<void> {
  const properties = { task_id: task.id, enrollment_id: task.enrollmentId, action: task.action, ...more };
  await acceptInTransaction(tx, deps, [buildEffectEvent(request, name, '1', properties)]);
  await delayWake(tx, request.customerId, 10);
}

/** What the task's definition asks to attach. */
function caseOf(
  task: TaskRow,
  facts: Facts<'profile' | 'service'>,
  history: HistoryItem[],
): Record<string, unknown> {
  const { profile, tickets } = facts;
  const wanted = new Set(task.definition.attach);
  return {
    asOf: iso(Date.now()),
    eventSeq: facts.profileSeq,
    ...(wanted.has('cart') ? { cart: profile.cart && { ...profile.cart, at: iso(profile.cart.at) } } : {}),
    ...(wanted.has('payments')
      ? { payments: profile.payments.map((payment) => ({ ...payment, at: iso(payment.at) })) }
      : {}),
    ...(wanted.has('tickets')
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
    ...(wanted.has('timeline')
      ? {
          timeline: `/v1/customers/${facts.customerId}/timeline`,
          history: history.map((item) => ({ ...item, at: iso(item.at) })),
        }
      : {}),
  };
}
