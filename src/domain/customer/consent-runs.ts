import type { Instant } from '../time/time.ts';
import type { Consent } from './consent.ts';

/** A span in which one speaker went on saying the same about one scope. */
export interface Run {
  status: Consent['status'];
  /** When it was first said. */
  since: Instant;
  /** When it was last said, as far as known. */
  until: Instant;
  /** It was also said in between. */
  more?: true;
}

/** A statement with its own time. */
export type Statement = Pick<Consent, 'status' | 'at'>;

/** Most runs of a speaker and scope that are remembered: enough for events that arrive late. */
const KEPT_RUNS = 4;

/**
 * Adds a statement to a speaker's runs, in order of time, whenever it arrives. Returns the new runs, and the statements
 * that are news: those that differ from what the speaker said just before them.
 */
export function addStatement(runs: readonly Run[], { status, at }: Statement): [Run[], Statement[]] {
  const place = runs.findLastIndex((run) => run.since <= at);
  const before = runs[place];
  const after = runs[place + 1];
  const said: Statement = { status, at };
  const replaced = (from: number, count: number, ...added: Run[]) =>
    runs.toSpliced(from, count, ...added).slice(-KEPT_RUNS);

  if (before?.status === status) {
    const isBetween = before.since < before.until && at !== before.until && at !== before.since;
    const until = Math.max(before.until, at);
    return [replaced(place, 1, { ...before, until, ...(isBetween ? { more: true } : {}) }), []];
  }
  if (before && at < before.until) {
    // The speaker changed its mind within the span, and changed it back before the span's end: nobody knows when. A
    // "yes" may be as old as what it followed, so it lifts no withdrawal that came since.
    const back = before.more && before.status === 'granted' ? at + 1 : before.until;
    const first: Run = { status: before.status, since: before.since, until: before.since };
    const last: Run = { ...before, since: back };
    const split = replaced(place, 1, first, { status, since: at, until: at }, last);
    return [split, [said, { status: before.status, at: back }]];
  }
  if (after?.status === status) return [replaced(place + 1, 1, { ...after, since: at }), [said]];
  return [replaced(place + 1, 0, { status, since: at, until: at }), [said]];
}

/**
 * Merges what one speaker said about two customers. A device says one thing after the other. A server speaks of each
 * customer apart (`isDevice: false`), so a "yes" of either goes on: repeated, it would otherwise lift the other's "no".
 */
export function mergeRuns(a: readonly Run[], b: readonly Run[], isDevice: boolean): Run[] {
  const statements = [...a, ...b]
    .flatMap(({ status, since, until }) => [
      { status, at: since },
      { status, at: until },
    ])
    .sort((x, y) => x.at - y.at || (x.status === y.status ? 0 : x.status === 'withdrawn' ? -1 : 1));
  let merged: Run[] = [];
  for (const statement of statements) [merged] = addStatement(merged, statement);
  const often = [...a, ...b].filter(({ more }) => more);
  merged = merged.map((run) => (often.some((other) => overlaps(other, run)) ? { ...run, more: true } : run));
  const last = merged.at(-1);
  const isGranted = [a, b].some((runs) => runs.at(-1)?.status === 'granted');
  if (isDevice || !last || !isGranted) return merged;
  return addStatement(merged, { status: 'granted', at: last.until })[0];
}

function overlaps(a: Run, b: Run): boolean {
  return a.status === b.status && a.since <= b.until && a.until >= b.since;
}
