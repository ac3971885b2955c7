import type { CustomerSnapshot } from '../../../db/queries/view-customer.ts';
import { scoresOf } from '../../decisioning/scores.ts';
import { treater } from '../../decisioning/treatment/treater.ts';
import { Run } from '../../domain/advance/run.ts';
import { wakersOf } from '../../domain/advance/wake.ts';
import type { Enrollment } from '../../domain/state.ts';
import { iso } from '../../domain/time.ts';
import { factsOf } from './facts.ts';
import type { Lens } from './lens.ts';

export type WakerView = { at: string; because: string } | { on: string };

/**
 * What wakes each enrollment, as the core itself reckons it: as of the last decision, since what it was asked then
 * is what the workflow's timer stands on.
 */
export function wakersIn(snapshot: CustomerSnapshot, lens: Lens) {
  const { decided: bundle, evaluate, pinned } = lens;
  if (!bundle || !snapshot.state) return () => [];
  const facts = factsOf(snapshot, bundle, lens.zones, snapshot.lastNow);
  const run = new Run({
    state: snapshot.state,
    events: [],
    tookSeq: snapshot.tookSeq,
    facts,
    bundle,
    now: snapshot.lastNow,
    evaluate,
    choose: () => ({ judged: [], chosen: [], nothing: [], arbitrated: null }),
    treat: treater(lens.fitted),
    scores: scoresOf({ facts, bundle, fitted: lens.fitted, now: snapshot.lastNow, evaluate }),
    ref: '',
    ends: [],
    edited: false,
    pinned,
  });
  return (enrollment: Enrollment): WakerView[] => {
    const wakers = wakersOf(run, enrollment).map((waker) =>
      'on' in waker ? { on: waker.on } : { at: iso(waker.at), because: waker.because },
    );
    const seen = new Map(wakers.map((waker) => [JSON.stringify(waker), waker]));
    return [...seen.values()];
  };
}
