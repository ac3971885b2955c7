import type { JudgedCandidate } from '../../domain/candidate.ts';

/** Which rule blocked. `action` null: any action of the journey. */
export type HoldKey = [action: string | null, gate: string, code: string, rule: string | null];

/** What one decision came to for one journey. */
export interface JourneyHolds {
  journey: string;
  /** None of its actions was chosen. */
  held: boolean;
  /** Each rule that blocked a candidate, once for the journey and once for each action that it blocked. */
  keys: HoldKey[];
}

/**
 * The journeys that had candidates in a decision, each with the rules that blocked some of them. A rule that blocks an
 * action on several channels is there once.
 */
export function listHolds(
  candidates: readonly JudgedCandidate[],
  journeyOf: (enrollment: string) => string | null,
): JourneyHolds[] {
  const journeys = new Map<string, { held: boolean; keys: Set<string> }>();
  for (const { enrollmentId, action, verdict, gates } of candidates) {
    const journey = journeyOf(enrollmentId);
    if (journey === null) continue;
    const known = journeys.get(journey) ?? { held: true, keys: new Set<string>() };
    journeys.set(journey, known);
    if (verdict === 'chosen') known.held = false;
    if (verdict !== 'blocked') continue;
    for (const { gate, code = 'blocked', rule = null, pass } of gates) {
      if (pass) continue;
      for (const blocked of [null, action]) known.keys.add(JSON.stringify([blocked, gate, code, rule]));
    }
  }
  return [...journeys].map(([journey, { held, keys }]) => ({
    journey,
    held,
    keys: [...keys].map((key) => JSON.parse(key) as HoldKey),
  }));
}

/** Decisions, and those of them in which the journey did nothing. */
interface HoldCount {
  decisions: number;
  held: number;
}

export interface HoldsReport {
  /** Decisions in which the journey had candidates. */
  decisions: HoldCount;
  /** Those that hold back most first. */
  rules: (HoldCount & {
    gate: string;
    code: string;
    rule: string | null;
    actions: (HoldCount & { action: string })[];
  })[];
}

/** Builds the report of one journey from counts by key. */
export function buildHoldsReport(
  decisions: HoldCount,
  counts: readonly { key: HoldKey; decisions: number; held: number }[],
): HoldsReport {
  const byMost = (a: HoldCount, b: HoldCount) => b.held - a.held || b.decisions - a.decisions;
  const ofRule = (gate: string, code: string, rule: string | null) =>
    counts.flatMap(({ key: [action, ...other], decisions: n, held }) =>
      action !== null && other[0] === gate && other[1] === code && other[2] === rule
        ? [{ action, decisions: n, held }]
        : [],
    );
  const rules = counts.flatMap(({ key: [action, gate, code, rule], decisions: n, held }) => {
    if (action !== null) return [];
    const actions = ofRule(gate, code, rule).sort((a, b) => byMost(a, b) || (a.action < b.action ? -1 : 1));
    return [{ gate, code, rule, decisions: n, held, actions }];
  });
  const nameOf = ({ gate, code, rule }: (typeof rules)[number]) => JSON.stringify([gate, code, rule]);
  return { decisions, rules: rules.sort((a, b) => byMost(a, b) || (nameOf(a) < nameOf(b) ? -1 : 1)) };
}
