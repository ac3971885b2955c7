import type { Tx } from '../../../db/client.ts';
import { redeemUsedCoupons } from '../../../db/coupons/redeem-coupons.ts';
import { saveDecision, savePlanSteps } from '../../../db/decisions/save-decision.ts';
import type { OutboxRow } from '../../../db/events/outbox.ts';
import { saveProgress } from '../../../db/journeys/save-progress.ts';
import { saveOpenRewards } from '../../../db/learning/open-rewards.ts';
import { forRows, runInLockOrder } from '../../../db/locks/lock-order.ts';
import { findUsedCoupons } from '../../domain/coupon.ts';
import { type DecideAnswer, type DecideRequest, toProgressView } from '../../domain/protocol.ts';
import type { Enrollment, JourneyState } from '../../domain/state.ts';
import type { AdvanceResult } from '../../engine/journey/advance.ts';
import { deriveCouponCode } from '../coupons/coupon-code.ts';
import { listDataUsed } from './data-used.ts';
import { buildDecisionContext, limitContext } from './decision-context.ts';
import { computeReachedSeq, type JourneySnapshot } from './load-journey.ts';
import { listDecidedActions, listPendingEffects } from './progress-answer.ts';
import type { EngineRun } from './run-engine.ts';
import type { DecisionMade, DecisionServices } from './services.ts';

/** The result of one transaction: the answer to the workflow, and the events that have to be published. */
export interface JourneyDecision {
  answer: DecideAnswer;
  outbox: OutboxRow[];
  /** Missing if nothing was decided. */
  made?: DecisionMade;
}

/** Writes all that a decision changes, in the caller's transaction and in the order of `LOCK_ORDER`. */
export async function saveJourneyDecision(
  tx: Tx,
  { secret }: Pick<DecisionServices, 'secret'>,
  { customerId, workspace, rollingOver }: DecideRequest,
  { row, state, loaded: { events: _, ...loaded }, bundle, now }: JourneySnapshot,
  { decisionId, ordinal, facts, scores, result, events, findAction }: EngineRun,
): Promise<JourneyDecision> {
  const owner = { customerId, workspace };
  const { currency } = bundle.workspace;
  const { poison } = result.state;
  // The events of a parked customer are not processed, and wait for the next try.
  const processedSeq = poison ? loaded.processedSeq : computeReachedSeq({ ...loaded, events });
  const { context, unrecorded } = limitContext(
    buildDecisionContext(facts, { inputs: result.decisionInputs, scores, fit: loaded.fitVersion }),
  );
  const usedCoupons = findUsedCoupons(events, facts.coupons ?? [], currency);
  const saved = await runInLockOrder({
    decision: () =>
      saveDecision(tx, {
        id: decisionId,
        ...owner,
        epoch: row.epoch,
        ordinal,
        at: now,
        fromSeq: loaded.processedSeq,
        toSeq: processedSeq,
        bundleVersion: bundle.version,
        outcome: result.outcome,
        actions: listDecidedActions(result, (id, version) =>
          listDataUsed(findAction(id, version), facts, now),
        ),
        candidates: result.judgedCandidates,
        changes: [...result.changes, ...unrecorded],
        context,
        arbitrations: result.arbitrations.length > 0 ? result.arbitrations : null,
      }),
    ...savePlanSteps(tx, result.plan, {
      ...owner,
      decisionId,
      now,
      adopted: listAdopted(result),
      moved: listMoved(state, result.state),
      action: findAction,
      couponCode: (id) => deriveCouponCode(id, secret),
    }),
    redeemedCoupons: forRows(usedCoupons, () => redeemUsedCoupons(tx, owner, usedCoupons, currency)),
    rewards: () =>
      saveOpenRewards(
        tx,
        {
          id: decisionId,
          ...owner,
          bundleVersion: bundle.version,
          at: now,
          candidates: result.judgedCandidates,
        },
        result.arbitrations,
      ),
    wakes: () =>
      saveProgress(
        tx,
        {
          customerId,
          ordinal,
          processedSeq,
          state: result.state,
          bundleVersion: bundle.version,
          lastNow: now,
          wakeAt: result.wakeAt,
          answer: {
            kind: 'decided',
            ordinal,
            processedSeq,
            state: toProgressView(result.state),
            effects: listPendingEffects(facts, result),
            wakeAt: result.wakeAt,
          },
        },
        {
          ...owner,
          processedSeq,
          checksDone: loaded.checksRequested,
          holdBack: rollingOver,
          parkedForMs: poison ? poison.until - now : null,
        },
      ),
  });
  const outbox = [saved.outbox, saved.issuedCoupons, saved.redeemedCoupons].flatMap((rows) => rows ?? []);
  const made: DecisionMade = {
    workspace,
    outcome: poison ? 'parked' : result.outcome,
    oldestAcceptedAt: events[0]?.acceptedAt ?? null,
  };
  return { answer: saved.wakes, outbox, made };
}

/** Open enrollments that came with a customer who was merged into this one. */
function listAdopted({ state, changes }: AdvanceResult): Enrollment[] {
  const ids = new Set(changes.flatMap((change) => (change.kind === 'adopted' ? [change.enrollment] : [])));
  return state.enrollments.filter((enrollment) => ids.has(enrollment.id));
}

/** Open enrollments that are at another step, or in another state of it, than before the decision. */
function listMoved(before: JourneyState, after: JourneyState): Enrollment[] {
  const earlier = new Map(before.enrollments.map((enrollment) => [enrollment.id, enrollment]));
  return after.enrollments.filter((enrollment) => {
    const was = earlier.get(enrollment.id);
    return (
      was === undefined ||
      was.step !== enrollment.step ||
      was.since !== enrollment.since ||
      was.status.kind !== enrollment.status.kind ||
      was.pinned !== enrollment.pinned
    );
  });
}
