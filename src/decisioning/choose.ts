import type { Candidate, Choice, JudgedCandidate, Verdict } from '../domain/candidate.ts';
import type { Situation } from '../domain/context.ts';
import { ACTION_CLASSES } from '../domain/definition.ts';
import { judge } from './gates/index.ts';
import { scopeOf } from './scope.ts';

interface Ranked {
  candidate: Candidate;
  gates: Verdict[];
  score: number;
}

/** The score of doing nothing: a marketing action that isn't worth more isn't done. */
const NOTHING = 0;

/**
 * Judges every candidate, then picks. Each enrollment's step takes its best allowed candidate of the highest class;
 * among marketing there is one winner for the whole customer, against each other and against doing nothing, and it
 * waits when something of a higher class goes first.
 */
export function choose(candidates: Candidate[], situation: Situation): Choice {
  const { winners, rest } = pickHigherClasses(
    candidates.map((candidate) => rank(candidate, situation)),
    situation,
  );
  const contenders = [...bestPerEnrollment(rest).values()].filter(
    (r) => r.candidate.action.class === 'marketing' && !winners.some((w) => sameEnrollment(w, r)),
  );
  const worthwhile = contenders.filter((r) => r.score > NOTHING).sort(compare);
  const goesFirst = winners.length > 0 || situation.actedAlready;
  const winner = goesFirst ? undefined : worthwhile[0];
  const chosen = winner ? [...winners, winner] : winners;

  return {
    judged: rest.map((r) => record(r, chosen, worthwhile, situation)),
    chosen: chosen.map((r) => r.candidate),
    nothing: contenders.filter((r) => r.score <= NOTHING).map((r) => r.candidate.enrollment.id),
  };
}

/**
 * Enrollments whose best candidate is above marketing, one after the other: what one takes counts against the limits
 * of the next, so that two tickets that end together bring one survey.
 */
function pickHigherClasses(ranked: Ranked[], situation: Situation): { winners: Ranked[]; rest: Ranked[] } {
  const winners: Ranked[] = [];
  let rest = ranked;
  for (;;) {
    const open = [...bestPerEnrollment(rest).values()].filter(
      (r) => r.candidate.action.class !== 'marketing' && !winners.some((w) => sameEnrollment(w, r)),
    );
    const [next] = open.sort(compare);
    if (!next) return { winners, rest };
    winners.push(next);
    const taken = { ...situation, facts: withTaken(situation, winners) };
    rest = rest.map((r) =>
      r === next || !sameAction(r, next) || winners.some((w) => sameEnrollment(w, r))
        ? r
        : rank(r.candidate, taken),
    );
  }
}

function withTaken({ facts, now }: Situation, winners: Ranked[]): Situation['facts'] {
  const taken = winners.map(({ candidate: { action, channel, enrollment } }) => ({
    id: '',
    enrollmentId: enrollment.id,
    action: action.id,
    class: action.class,
    purpose: action.purpose,
    topic: action.topic,
    channel,
    key: enrollment.key,
    state: 'planned' as const,
    at: now,
    refusal: null,
  }));
  return { ...facts, deliveries: [...facts.deliveries, ...taken] };
}

function bestPerEnrollment(ranked: Ranked[]): Map<string, Ranked> {
  const best = new Map<string, Ranked>();
  for (const one of ranked.filter((r) => r.gates.every((gate) => gate.pass))) {
    const { id } = one.candidate.enrollment;
    const other = best.get(id);
    if (!other || compare(one, other) < 0) best.set(id, one);
  }
  return best;
}

function sameEnrollment(a: Ranked, b: Ranked): boolean {
  return a.candidate.enrollment.id === b.candidate.enrollment.id;
}

function sameAction(a: Ranked, b: Ranked): boolean {
  return a.candidate.action.id === b.candidate.action.id;
}

function rank(candidate: Candidate, situation: Situation): Ranked {
  const { action } = candidate;
  const gates = judge(candidate, situation);
  const score = money(action.value, 1) * action.lever - money(action.cost, 0);
  return { candidate, gates, score };

  function money(expression: string | null, missing: number): number {
    if (expression === null) return missing;
    const result = situation.evaluate(expression, scopeOf(candidate, situation));
    if (result.ok && typeof result.value === 'number' && Number.isFinite(result.value)) return result.value;
    gates.push({
      gate: 'value',
      pass: false,
      code: 'error',
      observed: result.ok ? result.value : result.error,
      needed: expression,
    });
    return 0;
  }
}

/** Class first, then priority, then value × lever less cost, then the order in the step's list. */
function compare(a: Ranked, b: Ranked): number {
  const classes =
    ACTION_CLASSES.indexOf(a.candidate.action.class) - ACTION_CLASSES.indexOf(b.candidate.action.class);
  return (
    classes ||
    b.candidate.action.priority - a.candidate.action.priority ||
    b.score - a.score ||
    a.candidate.order - b.candidate.order ||
    (a.candidate.enrollment.id < b.candidate.enrollment.id ? -1 : 1)
  );
}

function record(
  ranked: Ranked,
  chosen: Ranked[],
  worthwhile: Ranked[],
  situation: Situation,
): JudgedCandidate {
  const { candidate, gates, score } = ranked;
  const wins = chosen.includes(ranked);
  const loses = !wins && worthwhile.includes(ranked);
  return {
    enrollmentId: candidate.enrollment.id,
    action: candidate.action.id,
    class: candidate.action.class,
    channel: candidate.channel,
    verdict: wins ? 'chosen' : loses ? 'outranked' : gates.every((gate) => gate.pass) ? 'allowed' : 'blocked',
    score,
    propensity: wins ? 1 : 0,
    gates: loses ? [...gates, outranked(situation)] : gates,
  };
}

/** Who lost waits as long as it would after any marketing contact. */
function outranked({ now, bundle }: Situation): Verdict {
  return {
    gate: 'arbitration',
    pass: false,
    code: 'outranked',
    liftsAt: now + Math.max(bundle.workspace.spacing, 60_000),
  };
}
