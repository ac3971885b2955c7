import type { Tx } from '../../db/client.ts';
import type { JourneyRow } from '../../db/queries/lock-journey.ts';
import type { OutboxRow } from '../../db/queries/outbox.ts';
import type { FactsRead } from '../../db/queries/read-facts.ts';
import { saveAwaited } from '../../db/queries/rewards.ts';
import { saveDecision, savePlan } from '../../db/queries/save-decision.ts';
import { saveProgress } from '../../db/queries/save-progress.ts';
import { saveUsed } from '../../db/queries/save-used-coupons.ts';
import { chooser } from '../decisioning/choose.ts';
import { scoresOf } from '../decisioning/scores.ts';
import { treater } from '../decisioning/treatment/treater.ts';
import type { Advanced } from '../domain/advance/advance.ts';
import { advanceSafely } from '../domain/advance/advance-safely.ts';
import { couponsUsed } from '../domain/coupon.ts';
import type { Bundle } from '../domain/definition.ts';
import { mergedFrom } from '../domain/merge.ts';
import { type Answer, type DecideRequest, type Held, shownState } from '../domain/protocol.ts';
import type { Enrollment, JourneyState } from '../domain/state.ts';
import type { Instant } from '../domain/time.ts';
import { actionsOf, effectsOf } from './answer.ts';
import { couponCode } from './coupon-code.ts';
import { dataUsedBy } from './data-used.ts';
import type { DecideDeps } from './decide-next-best-action.ts';
import { contextOf } from './decision-context.ts';
import { idsOf } from './ids.ts';
import { pinnedBundles } from './pinned-bundles.ts';
import { factsOf } from './situation.ts';

/** What one transaction decided, and what it gave rise to. */
export interface Decided {
  answer: Answer;
  outbox: OutboxRow[];
}

/** What a decision is made of: the locked progress, and the snapshot read under its lock. */
export interface Found {
  row: JourneyRow;
  state: JourneyState;
  read: FactsRead;
  bundle: Bundle;
  now: Instant;
}

/** Runs the core and writes all that it decided, in the caller's transaction. */
export async function decideAfresh(
  tx: Tx,
  deps: DecideDeps,
  request: DecideRequest,
  found: Found,
): Promise<Decided> {
  const { customerId, workspace } = request;
  const { row, state, read, bundle, now } = found;
  const ordinal = row.ordinal + 1;
  const { ref, decisionId } = idsOf(customerId, row.epoch, ordinal);
  const facts = factsOf(request, read, bundle, deps.zones, now);
  const [model, fitted] = await Promise.all([
    deps.models(tx, workspace, read.modelVersion),
    deps.fits(tx, workspace, read.fitVersion),
  ]);
  const { evaluate } = deps;
  const scores = scoresOf({ facts, bundle, fitted, now, evaluate });
  const adopting = read.events.flatMap((event) => mergedFrom(event)?.state.enrollments ?? []);
  const enrollments = [...state.enrollments, ...adopting];
  const pinned = await pinnedBundles(tx, deps.bundles, workspace, enrollments, bundle.version);
  const advanced = advanceSafely({
    state,
    events: read.events,
    tookSeq: read.tookSeq,
    facts,
    bundle,
    pinned,
    now,
    evaluate,
    choose: chooser(model),
    treat: treater(fitted),
    scores,
    ref,
    ends: read.ends,
    edited: bundle.version !== row.bundleVersion,
  });
  const actionOf = (id: string, version: number) =>
    (pinned.get(version) ?? bundle).actions.find((action) => action.id === id);

  const tookSeq = reached(read);
  const answer: Held = {
    kind: 'decided',
    ordinal,
    tookSeq,
    state: shownState(advanced.state),
    effects: effectsOf(facts, advanced),
    wakeAt: advanced.wakeAt,
    more: false,
  };
  // In this order: acceptance, too, takes tickets before wakes.
  const used = couponsUsed(read.events, facts.coupons);
  const [, outbox, redeemed, , more] = await Promise.all([
    saveDecision(tx, {
      id: decisionId,
      customer_id: customerId,
      workspace,
      epoch: row.epoch,
      ordinal,
      at: now,
      from_seq: read.tookSeq,
      to_seq: tookSeq,
      bundle_version: bundle.version,
      outcome: advanced.outcome,
      actions: actionsOf(advanced, (id, version) => dataUsedBy(actionOf(id, version), facts, now)),
      candidates: advanced.judged,
      changes: advanced.changes,
      context: contextOf(facts, { asked: advanced.asked, scores, fit: read.fitVersion }),
      arbitrated: advanced.arbitrated.length > 0 ? advanced.arbitrated : null,
    }),
    savePlan(tx, advanced.plan, {
      customerId,
      workspace,
      decisionId,
      now,
      adopted: adoptedIn(advanced),
      action: actionOf,
      couponCode: (id) => couponCode(id, deps.secret),
    }),
    used.length > 0 ? saveUsed(tx, { customerId, workspace }, used) : [],
    saveAwaited(
      tx,
      { id: decisionId, workspace, customerId, bundleVersion: bundle.version, at: now },
      advanced.arbitrated,
    ),
    saveProgress(
      tx,
      {
        customerId,
        ordinal,
        tookSeq,
        state: advanced.state,
        bundleVersion: bundle.version,
        lastNow: now,
        wakeAt: advanced.wakeAt,
        answer,
      },
      { customerId, workspace, tookSeq, holdBack: request.rollingOver },
    ),
  ]);
  answer.more = more;
  return { answer, outbox: [...outbox, ...redeemed] };
}

/** Enrollments that a merge has brought, and that are open still. */
function adoptedIn({ state, changes }: Advanced): Enrollment[] {
  const ids = new Set(changes.flatMap((change) => (change.kind === 'adopted' ? [change.enrollment] : [])));
  return state.enrollments.filter((enrollment) => ids.has(enrollment.id));
}

/** How far this read reaches: to its last event, or to the end of the log. */
export function reached(read: FactsRead): number {
  return read.events.at(-1)?.seq ?? Math.max(read.seq, read.tookSeq, read.wantSeq);
}
