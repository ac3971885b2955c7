import type { CustomerSnapshot } from '../../../db/customers/customer-snapshot.ts';
import type { Enrollment } from '../../domain/state.ts';
import { iso } from '../../domain/time/time.ts';
import { AdvanceRun } from '../../engine/journey/advance-run.ts';
import { listWakers } from '../../engine/journey/wakers.ts';
import { createTreater } from '../../engine/treatment/treat.ts';
import { computeScores } from '../../learning/scores/compute-scores.ts';
import type { ViewContext } from './view-context.ts';
import { toViewFacts } from './view-facts.ts';

export type WakerView = { at: string; reason: string } | { event: string };

/**
 * What wakes each enrollment, computed by the engine as of the last decision: the timer of the workflow was set then.
 */
export function explainWakers(snapshot: CustomerSnapshot, context: ViewContext) {
  const { decided: bundle, evaluate, pinned } = context;
  if (!bundle || !snapshot.state) return () => [];
  const facts = toViewFacts(snapshot, bundle, context, snapshot.lastNow);
  const run = new AdvanceRun<'tasks'>({
    state: snapshot.state,
    events: [],
    processedSeq: snapshot.processedSeq,
    facts: { ...facts, tasks: snapshot.tasks },
    bundle,
    now: snapshot.lastNow,
    evaluate,
    choose: () => ({ judgedCandidates: [], chosen: [], endedByDoingNothing: [], arbitration: null }),
    treat: createTreater(context.fitted),
    scores: computeScores({ facts, bundle, fitted: context.fitted, now: snapshot.lastNow, evaluate }),
    decisionRef: '',
    closingEvents: [],
    definitionsChanged: false,
    pinnedBundles: pinned,
  });
  return (enrollment: Enrollment): WakerView[] => {
    const wakers = listWakers(run, enrollment).map((waker) =>
      'on' in waker ? { event: waker.on } : { at: iso(waker.at), reason: waker.reason },
    );
    const seen = new Map(wakers.map((waker) => [JSON.stringify(waker), waker]));
    return [...seen.values()];
  };
}
