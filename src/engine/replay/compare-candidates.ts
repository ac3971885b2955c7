import type { GateVerdict, JudgedCandidate } from '../../domain/candidate.ts';

/** What another bundle changes for one candidate. */
export const CHANGE_KINDS = [
  /** Chosen after, and not before. */
  'chosen',
  /** Allowed as before, but another candidate wins, or doing nothing. */
  'not_chosen',
  'blocked',
  'freed',
  /** Blocked as before, for other reasons. */
  'other_reasons',
  /** For the same reasons, which lift at another time. */
  'other_time',
  /** Proposed after, and not before. */
  'new',
  /** Proposed before, and not after. */
  'gone',
] as const;
type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface CandidateDifference {
  change: ChangeKind;
  enrollmentId: string;
  action: string;
  channel: string;
  /** Null where it was not proposed. */
  before: JudgedCandidate | null;
  after: JudgedCandidate | null;
  /** The rules behind the change: those that block after, or no longer do. */
  rules: { gate: string; code: string }[];
}

/** The verdicts that block, but for a lost arbitration: that is no rule. */
export function findBlockingVerdicts({ gates }: JudgedCandidate): GateVerdict[] {
  return gates.filter((gate) => !gate.pass && gate.gate !== 'arbitration');
}

/** Everything that differs between two answers about one pool, in the order of the first. */
export function compareCandidates(
  before: readonly JudgedCandidate[],
  after: readonly JudgedCandidate[],
): CandidateDifference[] {
  const afterByKey = new Map(after.map((judged) => [keyOf(judged), judged]));
  const keysBefore = new Set(before.map(keyOf));
  return [
    ...before.flatMap((judged) => compare(judged, afterByKey.get(keyOf(judged)) ?? null)),
    ...after.filter((judged) => !keysBefore.has(keyOf(judged))).flatMap((judged) => compare(null, judged)),
  ];
}

/** Whether two records of one candidate agree: on its verdict, on what blocked it, and until when. */
export function isSameJudgement(a: JudgedCandidate, b: JudgedCandidate): boolean {
  return keyOf(a) === keyOf(b) && compare(a, b).length === 0;
}

function compare(before: JudgedCandidate | null, after: JudgedCandidate | null): CandidateDifference[] {
  const { enrollmentId, action, channel } = (before ?? after) as JudgedCandidate;
  const change = changeOf(before, after);
  if (change === null) return [];
  return [{ change, enrollmentId, action, channel, before, after, rules: rulesOf(change, before, after) }];
}

function changeOf(before: JudgedCandidate | null, after: JudgedCandidate | null): ChangeKind | null {
  if (!before) return 'new';
  if (!after) return 'gone';
  const [a, b] = [findBlockingVerdicts(before), findBlockingVerdicts(after)];
  if (a.length === 0 && b.length > 0) return 'blocked';
  if (a.length > 0 && b.length === 0) return 'freed';
  if ((before.verdict === 'chosen') !== (after.verdict === 'chosen')) {
    return after.verdict === 'chosen' ? 'chosen' : 'not_chosen';
  }
  if (namesOf(a) !== namesOf(b)) return 'other_reasons';
  return timesOf(a) === timesOf(b) ? null : 'other_time';
}

function rulesOf(
  change: ChangeKind,
  before: JudgedCandidate | null,
  after: JudgedCandidate | null,
): CandidateDifference['rules'] {
  const [a, b] = [before ? findBlockingVerdicts(before) : [], after ? findBlockingVerdicts(after) : []];
  if (change === 'freed') return named(a);
  if (change === 'blocked' || change === 'new') return named(b);
  if (change === 'other_time')
    return named(b.filter((verdict, i) => timesOf([verdict]) !== timesOf(a.slice(i, i + 1))));
  if (change !== 'other_reasons') return [];
  const missing = (from: GateVerdict[], others: GateVerdict[]) => {
    const names = new Set(others.map(nameOf));
    return from.filter((verdict) => !names.has(nameOf(verdict)));
  };
  return named([...missing(b, a), ...missing(a, b)]);
}

function named(verdicts: GateVerdict[]): CandidateDifference['rules'] {
  const rules = new Map(
    verdicts.map((verdict) => [nameOf(verdict), { gate: verdict.gate, code: verdict.code ?? 'blocked' }]),
  );
  return [...rules.values()];
}

function nameOf({ gate, code }: GateVerdict): string {
  return JSON.stringify([gate, code ?? 'blocked']);
}

function namesOf(verdicts: GateVerdict[]): string {
  return [...new Set(verdicts.map(nameOf))].sort().join();
}

function timesOf(verdicts: GateVerdict[]): string {
  return verdicts
    .map((verdict) => `${nameOf(verdict)}${verdict.liftsAt ?? ''}/${verdict.liftsOn ?? ''}`)
    .sort()
    .join();
}

function keyOf({ enrollmentId, action, channel }: JudgedCandidate): string {
  return JSON.stringify([enrollmentId, action, channel]);
}
