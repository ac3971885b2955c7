import type { GateVerdict, JudgedCandidate } from '../../domain/candidate.ts';

/** What another bundle changes for one candidate. */
export const CHANGE_KINDS = [
  /** Taken now, and before not. */
  'chosen',
  /** Free as before, and another is taken, or nothing. */
  'not_chosen',
  'blocked',
  'freed',
  /** Blocked as before, for other reasons. */
  'other_reasons',
  /** For the same reasons, which lift at another time. */
  'other_time',
  /** Offered now, and before not. */
  'new',
  /** Offered before, and now not. */
  'gone',
] as const;
type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface CandidateDifference {
  change: ChangeKind;
  enrollmentId: string;
  action: string;
  channel: string;
  /** Null where it wasn't offered. */
  before: JudgedCandidate | null;
  after: JudgedCandidate | null;
  /** The rules that account for it: those that block now, or no longer do. */
  rules: { gate: string; code: string }[];
}

/** What stands in the way, without having lost to another: that is no rule. */
export function findBlockingVerdicts({ gates }: JudgedCandidate): GateVerdict[] {
  return gates.filter((gate) => !gate.pass && gate.gate !== 'arbitration');
}

/** Everything that differs between two answers about one pool, in the order of the first. */
export function compareCandidates(
  before: readonly JudgedCandidate[],
  after: readonly JudgedCandidate[],
): CandidateDifference[] {
  const found = new Map(after.map((one) => [keyOf(one), one]));
  const known = new Set(before.map(keyOf));
  return [
    ...before.flatMap((one) => difference(one, found.get(keyOf(one)) ?? null)),
    ...after.filter((one) => !known.has(keyOf(one))).flatMap((one) => difference(null, one)),
  ];
}

/** Whether two records of one candidate say the same: what became of it, and what stood in its way until when. */
export function isSameJudgement(a: JudgedCandidate, b: JudgedCandidate): boolean {
  return keyOf(a) === keyOf(b) && difference(a, b).length === 0;
}

function difference(before: JudgedCandidate | null, after: JudgedCandidate | null): CandidateDifference[] {
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
    return named(b.filter((one, i) => timesOf([one]) !== timesOf(a.slice(i, i + 1))));
  if (change !== 'other_reasons') return [];
  const missing = (from: GateVerdict[], these: GateVerdict[]) => {
    const names = new Set(these.map(nameOf));
    return from.filter((one) => !names.has(nameOf(one)));
  };
  return named([...missing(b, a), ...missing(a, b)]);
}

function named(verdicts: GateVerdict[]): CandidateDifference['rules'] {
  const rules = new Map(
    verdicts.map((one) => [nameOf(one), { gate: one.gate, code: one.code ?? 'blocked' }]),
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
    .map((one) => `${nameOf(one)}${one.liftsAt ?? ''}/${one.liftsOn ?? ''}`)
    .sort()
    .join();
}

function keyOf({ enrollmentId, action, channel }: JudgedCandidate): string {
  return JSON.stringify([enrollmentId, action, channel]);
}
