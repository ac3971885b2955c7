import type { JourneyEvent } from '../../../domain/event.ts';
import {
  type ArmedDate,
  type Enrollment,
  type JourneyState,
  type StateV1,
  upgradeState,
} from '../../../domain/state.ts';
import type { Instant } from '../../../domain/time/time.ts';

/** What `Customer Merged` carries in `context.merged`: the customer who is no more, as of the merge. */
export interface MergePayload {
  customerId: string;
  /** Since when that customer was known: the older known one's arm of an experiment is kept. */
  knownSince: Instant;
  state: JourneyState;
  /** Since when the other one, who stays, was known at the merge. Left out, it is what the facts say. */
  intoKnownSince?: Instant;
}

/** One side of a merge. */
export interface MergeSide {
  customerId: string;
  knownSince: Instant;
  state: JourneyState;
}

/** Reads what a merge brings; undefined if the event carries none. A state of an older version is lifted. */
export function readMerge(event: Pick<JourneyEvent, 'context'>): MergePayload | undefined {
  const merged = event.context.merged as Partial<MergePayload> | null | undefined;
  if (typeof merged !== 'object' || merged === null) return undefined;
  const { customerId, knownSince, state, intoKnownSince } = merged;
  if (typeof customerId !== 'string' || typeof knownSince !== 'number' || !isState(state)) return undefined;
  return {
    customerId,
    knownSince,
    state: upgradeState(state),
    ...(typeof intoKnownSince === 'number' ? { intoKnownSince } : {}),
  };
}

function isState(state: unknown): state is JourneyState | StateV1 | null {
  if (state === null) return true;
  return typeof state === 'object' && Array.isArray((state as Partial<JourneyState>).enrollments);
}

/** Who of the two was known first; equal ones are told apart by their ids, so that both sides say the same. */
export function olderSide(a: MergeSide, b: MergeSide): MergeSide {
  const [x, y] = [earliestKnownSince(a), earliestKnownSince(b)];
  if (x !== y) return x < y ? a : b;
  return a.customerId < b.customerId ? a : b;
}

/** Since when a side was known, or whoever it has taken in before. */
export function earliestKnownSince({ knownSince, state }: MergeSide): Instant {
  return Math.min(knownSince, state.seedSince ?? knownSince);
}

/** Whose id decides holdouts and shares from now on: the older known customer's, or whose that one's did. */
export function experimentSeed(older: MergeSide): string {
  return older.state.seed ?? older.customerId;
}

/** Inside if either was, since the earlier: nobody comes into a segment by a merge alone. */
export function mergeSegments(
  a: JourneyState['segments'],
  b: JourneyState['segments'],
): JourneyState['segments'] {
  return unite(a, b, (x, y) => {
    if (x.inside !== y.inside) return x.inside ? x : y;
    return { inside: x.inside, since: Math.min(x.since, y.since) };
  });
}

/** A date that either has seen is seen. What is armed is reckoned afresh in the same decision. */
export function mergeDates(a: JourneyState['dates'], b: JourneyState['dates']): JourneyState['dates'] {
  return unite(a, b, (x, y) => {
    const last = [x.last, y.last].filter((on) => on !== null).sort();
    return { ...laterDate(x, y), last: last.at(-1) ?? null };
  });
}

function laterDate(x: ArmedDate, y: ArmedDate): ArmedDate {
  if (x.at !== y.at) return x.at > y.at ? x : y;
  if (x.on !== y.on) return x.on > y.on ? x : y;
  return x.state < y.state ? x : y;
}

/** The newer stage; of the same one, since it was first reached. */
export function mergeStage(a: JourneyState['stage'], b: JourneyState['stage']): JourneyState['stage'] {
  if (a === null || b === null) return a ?? b;
  if (a.id === b.id) return a.since <= b.since ? a : b;
  if (a.since !== b.since) return a.since > b.since ? a : b;
  return a.id < b.id ? a : b;
}

function unite<T>(a: Record<string, T>, b: Record<string, T>, both: (x: T, y: T) => T): Record<string, T> {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(
    names.map((name): [string, T] => {
      const [x, y] = [a[name], b[name]];
      return [name, x !== undefined && y !== undefined ? both(x, y) : ((x ?? y) as T)];
    }),
  );
}

/** How far an enrollment has come: what of it can be compared. */
export interface EnrollmentProgress {
  /** Position of its step in the journey. */
  step: number;
  /** What it has begun at that step: 0 nothing, 1 something is planned, 2 something is on its way or has arrived. */
  begun: number;
}

/** Of two enrollments of one journey and key, the one that goes on: the further one, else the one that entered earlier. */
export function moreAdvanced(
  a: Enrollment,
  b: Enrollment,
  progressOf: (enrollment: Enrollment) => EnrollmentProgress,
): Enrollment {
  const [x, y] = [progressOf(a), progressOf(b)];
  // What is on its way at a step counts as having passed it: were the other to go on from there, it would be sent again.
  if (x.step !== y.step) return x.step > y.step ? a : b;
  if (x.begun !== y.begun) return x.begun > y.begun ? a : b;
  if (a.enteredAt !== b.enteredAt) return a.enteredAt < b.enteredAt ? a : b;
  return a.id < b.id ? a : b;
}
