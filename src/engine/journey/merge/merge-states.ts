import type { JourneyEvent } from '../../../domain/event.ts';
import {
  type ArmedDate,
  type Enrollment,
  type JourneyState,
  type StateV1,
  upgradeState,
} from '../../../domain/state.ts';
import type { Instant } from '../../../domain/time/time.ts';

/** `context.merged` of `Customer Merged`: the merged customer as of the merge. */
export interface MergePayload {
  customerId: string;
  /** Since when that customer has been known. The experiment arms of the customer known first are kept. */
  knownSince: Instant;
  state: JourneyState;
  /** Since when the surviving customer had been known at the merge; by default `knownSince` of the facts. */
  intoKnownSince?: Instant;
}

/** One of the two customers of a merge. */
export interface MergeSide {
  customerId: string;
  knownSince: Instant;
  state: JourneyState;
}

/** The payload of a merge; undefined if the event has none. A state of an older version is upgraded. */
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

/** The customer who was known first. At equal times the ids decide, so that both orders give the same. */
export function olderSide(a: MergeSide, b: MergeSide): MergeSide {
  const [x, y] = [earliestKnownSince(a), earliestKnownSince(b)];
  if (x !== y) return x < y ? a : b;
  return a.customerId < b.customerId ? a : b;
}

/** Since when the customer, or a customer merged into it earlier, has been known. */
export function earliestKnownSince({ knownSince, state }: MergeSide): Instant {
  return Math.min(knownSince, state.seedSince ?? knownSince);
}

/** The customer id that holdouts and shares are hashed from after the merge: the seed of the customer known first. */
export function experimentSeed(older: MergeSide): string {
  return older.state.seed ?? older.customerId;
}

/** Inside a segment if either was, since the earlier of both: a merge alone enters no segment. */
export function mergeSegments(
  a: JourneyState['segments'],
  b: JourneyState['segments'],
): JourneyState['segments'] {
  return mergeRecords(a, b, (x, y) => {
    if (x.inside !== y.inside) return x.inside ? x : y;
    return { inside: x.inside, since: Math.min(x.since, y.since) };
  });
}

/** Occurrences that came for either do not come again. What is armed is computed again in the same decision. */
export function mergeDates(a: JourneyState['dates'], b: JourneyState['dates']): JourneyState['dates'] {
  return mergeRecords(a, b, (x, y) => {
    const last = [x.last, y.last].filter((on) => on !== null).sort();
    return { ...laterDate(x, y), last: last.at(-1) ?? null };
  });
}

function laterDate(x: ArmedDate, y: ArmedDate): ArmedDate {
  if (x.at !== y.at) return x.at > y.at ? x : y;
  if (x.on !== y.on) return x.on > y.on ? x : y;
  return x.state < y.state ? x : y;
}

/** The stage reached last. If both have the same, it counts from the earlier of both. */
export function mergeStage(a: JourneyState['stage'], b: JourneyState['stage']): JourneyState['stage'] {
  if (a === null || b === null) return a ?? b;
  if (a.id === b.id) return a.since <= b.since ? a : b;
  if (a.since !== b.since) return a.since > b.since ? a : b;
  return a.id < b.id ? a : b;
}

function mergeRecords<T>(
  a: Record<string, T>,
  b: Record<string, T>,
  both: (x: T, y: T) => T,
): Record<string, T> {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(
    names.map((name): [string, T] => {
      const [x, y] = [a[name], b[name]];
      return [name, x !== undefined && y !== undefined ? both(x, y) : ((x ?? y) as T)];
    }),
  );
}

/** How far an enrollment has come. */
export interface EnrollmentProgress {
  /** Position of its step in the journey. */
  step: number;
  /**
   * What it has begun at that step: 0 nothing, 1 an effect is planned, 2 an effect is being or has been carried out.
   */
  begun: number;
}

/** Of two enrollments with the same journey and key, the more advanced one; if equal, the one that entered earlier. */
export function moreAdvanced(
  a: Enrollment,
  b: Enrollment,
  progressOf: (enrollment: Enrollment) => EnrollmentProgress,
): Enrollment {
  const [x, y] = [progressOf(a), progressOf(b)];
  // An effect that has begun counts as progress: if the other enrollment continued, it would be sent a second time.
  if (x.step !== y.step) return x.step > y.step ? a : b;
  if (x.begun !== y.begun) return x.begun > y.begun ? a : b;
  if (a.enteredAt !== b.enteredAt) return a.enteredAt < b.enteredAt ? a : b;
  return a.id < b.id ? a : b;
}
