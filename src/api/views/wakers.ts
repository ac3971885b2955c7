import type { CustomerSnapshot } from '../../../db/queries/view-customer.ts';
import { Run } from '../../domain/advance/run.ts';
import { wakersOf } from '../../domain/advance/wake.ts';
import type { Evaluate, Facts } from '../../domain/context.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Enrollment } from '../../domain/state.ts';
import { iso } from '../../domain/time.ts';

export type WakerView = { at: string; because: string } | { on: string };

/**
 * What wakes each enrollment, as the core itself reckons it: as of the last decision, since what it was asked then
 * is what the workflow's timer stands on.
 */
export function wakersIn(snapshot: CustomerSnapshot, bundle: Bundle | null, evaluate: Evaluate) {
  if (!bundle || !snapshot.state) return () => [];
  const run = new Run({
    state: snapshot.state,
    events: [],
    tookSeq: snapshot.tookSeq,
    facts: factsOf(snapshot),
    bundle,
    now: snapshot.lastNow,
    evaluate,
    choose: () => ({ judged: [], chosen: [], nothing: [] }),
    scores: {},
    ref: '',
    ends: [],
    edited: false,
  });
  return (enrollment: Enrollment): WakerView[] => {
    const wakers = wakersOf(run, enrollment).map((waker) =>
      'on' in waker ? { on: waker.on } : { at: iso(waker.at), because: waker.because },
    );
    const seen = new Map(wakers.map((waker) => [JSON.stringify(waker), waker]));
    return [...seen.values()];
  };
}

/** As much of the facts as wakers look at. */
function factsOf(snapshot: CustomerSnapshot): Facts {
  const { workspace, id, profile, eventSeq, tickets, consents, tasks, paused } = snapshot;
  return {
    workspace,
    customerId: id,
    profile,
    profileSeq: eventSeq,
    tickets,
    consents,
    deliveries: [],
    tasks,
    past: [],
    paused,
    zone: { name: 'UTC', version: '', offsets: [] },
    suppressedAddresses: [],
  };
}
