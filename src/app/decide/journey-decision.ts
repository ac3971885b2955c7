import type { Tx } from '../../../db/client.ts';
import { redeemUsedCoupons } from '../../../db/coupons/redeem-coupons.ts';
import type { LoadedFacts } from '../../../db/decisions/read-facts.ts';
import { saveDecision, savePlanSteps } from '../../../db/decisions/save-decision.ts';
import type { OutboxRow } from '../../../db/events/outbox.ts';
import type { JourneyRow } from '../../../db/journeys/lock-journey.ts';
import { saveProgress } from '../../../db/journeys/save-progress.ts';
import { saveOpenRewards } from '../../../db/learning/open-rewards.ts';
import { forRows, runInLockOrder } from '../../../db/locks/lock-order.ts';
import { findUsedCoupons } from '../../domain/coupon.ts';
import type { Bundle } from '../../domain/definition.ts';
import {
  type DecideAnswer,
  type DecideRequest,
  type ProgressAnswer,
  toProgressView,
} from '../../domain/protocol.ts';
import type { Enrollment, JourneyState } from '../../domain/state.ts';
import type { Instant } from '../../domain/time/time.ts';
import { createChooser } from '../../engine/choose.ts';
import type { AdvanceResult } from '../../engine/journey/advance.ts';
import { advanceSafely } from '../../engine/journey/advance-safely.ts';
import { readMerge } from '../../engine/journey/merge/merge-states.ts';
import { createTreater } from '../../engine/treatment/treat.ts';
import { computeScores } from '../../learning/scores/compute-scores.ts';
import { deriveCouponCode } from '../coupons/coupon-code.ts';
import { listDataUsed } from './data-used.ts';
import { buildDecisionContext } from './decision-context.ts';
import { mintDecisionIds } from './decision-ids.ts';
import { buildJourneyFacts } from './facts/build-facts.ts';
import { loadPinnedBundles } from './pinned-bundles.ts';
import { listDecidedActions, listPendingEffects } from './progress-answer.ts';
import type { DecisionServices } from './services.ts';

/** What one transaction decided, and what it gave rise to. */
export interface JourneyDecision {
  answer: DecideAnswer;
  outbox: OutboxRow[];
}

/** What a decision is made of: the locked progress, and the snapshot read under its lock. */
export interface DecisionSnapshot {
  row: JourneyRow;
  state: JourneyState;
  read: LoadedFacts;
  bundle: Bundle;
  now: Instant;
}

/** Runs the core and writes all that it decided, in the caller's transaction. */
export async function makeDecision(
  tx: Tx,
  deps: DecisionServices,
  request: DecideRequest,
  found: DecisionSnapshot,
): Promise<JourneyDecision> {
  const { customerId, workspace } = request;
  const { row, state, read, bundle, now } = found;
  const ordinal = row.ordinal + 1;
  const { ref, decisionId } = mintDecisionIds(customerId, row.epoch, ordinal);
  const facts = buildJourneyFacts(read, request, { bundle, zones: deps.zones, now });
  const [model, fitted] = await Promise.all([
    deps.models(tx, workspace, read.modelVersion),
    deps.fits(tx, workspace, read.fitVersion),
  ]);
  const { evaluate } = deps;
  const scores = computeScores({ facts, bundle, fitted, now, evaluate });
  const adopting = read.events.flatMap((event) => readMerge(event)?.state.enrollments ?? []);
  const enrollments = [...state.enrollments, ...adopting];
  const pinned = await loadPinnedBundles(tx, deps.bundles, workspace, enrollments, bundle.version);
  const advanced = advanceSafely({
    state,
    events: read.events,
    processedSeq: read.processedSeq,
    facts,
    bundle,
    pinnedBundles: pinned,
    now,
    evaluate,
    choose: createChooser(model),
    treat: createTreater(fitted),
    scores,
    decisionRef: ref,
    closingEvents: read.endingEvents,
    definitionsChanged: bundle.version !== row.bundleVersion,
  });
  const actionOf = (id: string, version: number) =>
    (pinned.get(version) ?? bundle).actions.find((action) => action.id === id);

  const tookSeq = computeReachedSeq(read);
  const answer: ProgressAnswer = {
    kind: 'decided',
    ordinal,
    processedSeq: tookSeq,
    state: toProgressView(advanced.state),
    effects: listPendingEffects(facts, advanced),
    wakeAt: advanced.wakeAt,
    more: false,
  };
  const used = findUsedCoupons(read.events, facts.coupons ?? []);
  const saved = await runInLockOrder({
    decision: () =>
      saveDecision(tx, {
        id: decisionId,
        customerId: customerId,
        workspace,
        epoch: row.epoch,
        ordinal,
        at: now,
        fromSeq: read.processedSeq,
        toSeq: tookSeq,
        bundleVersion: bundle.version,
        outcome: advanced.outcome,
        actions: listDecidedActions(advanced, (id, version) =>
          listDataUsed(actionOf(id, version), facts, now),
        ),
        candidates: advanced.judgedCandidates,
        changes: advanced.changes,
        context: buildDecisionContext(facts, {
          asked: advanced.decisionInputs,
          scores,
          fit: read.fitVersion,
        }),
        arbitrations: advanced.arbitrations.length > 0 ? advanced.arbitrations : null,
      }),
    ...savePlanSteps(tx, advanced.plan, {
      customerId,
      workspace,
      decisionId,
      now,
      adopted: adoptedIn(advanced),
      action: actionOf,
      couponCode: (id) => deriveCouponCode(id, deps.secret),
    }),
    redeemedCoupons: forRows(used, () => redeemUsedCoupons(tx, { customerId, workspace }, used)),
    rewards: () =>
      saveOpenRewards(
        tx,
        { id: decisionId, workspace, customerId, bundleVersion: bundle.version, at: now },
        advanced.arbitrations,
      ),
    wakes: () =>
      saveProgress(
        tx,
        {
          customerId,
          ordinal,
          processedSeq: tookSeq,
          state: advanced.state,
          bundleVersion: bundle.version,
          lastNow: now,
          wakeAt: advanced.wakeAt,
          answer,
        },
        { customerId, workspace, processedSeq: tookSeq, holdBack: request.rollingOver },
      ),
  });
  answer.more = saved.wakes;
  const outbox = [saved.outbox, saved.issuedCoupons, saved.redeemedCoupons].flatMap((rows) => rows ?? []);
  return { answer, outbox };
}

/** Enrollments that a merge has brought, and that are open still. */
function adoptedIn({ state, changes }: AdvanceResult): Enrollment[] {
  const ids = new Set(changes.flatMap((change) => (change.kind === 'adopted' ? [change.enrollment] : [])));
  return state.enrollments.filter((enrollment) => ids.has(enrollment.id));
}

/** How far this read reaches: to its last event, or to the end of the log. */
export function computeReachedSeq(read: LoadedFacts): number {
  return read.events.at(-1)?.seq ?? Math.max(read.seq, read.processedSeq, read.requestedSeq);
}
