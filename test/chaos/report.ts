import { VIOLATION_KINDS, type Violation } from './checker/violation.ts';

/** What the rounds of one kind of fault came to. */
export interface ReportRow {
  kind: string;
  tries: number;
  acknowledged: number;
  violations: Violation[];
  slowest: number;
}

/** Adds a round to the row of its kind. */
export function addToReport(rows: Map<string, ReportRow>, round: ReportRow): void {
  const row = rows.get(round.kind);
  rows.set(round.kind, {
    kind: round.kind,
    tries: round.tries + (row?.tries ?? 0),
    acknowledged: round.acknowledged + (row?.acknowledged ?? 0),
    violations: [...(row?.violations ?? []), ...round.violations],
    slowest: Math.max(round.slowest, row?.slowest ?? 0),
  });
}

/** The table, in Markdown. */
export function formatReport(rows: Iterable<ReportRow>): string {
  const header = ['fault', 'tries', 'acknowledged', ...VIOLATION_KINDS, 'slowest recovery (s)'];
  const lines = [...rows].map(({ kind, tries, acknowledged, violations, slowest }) => [
    kind,
    tries,
    acknowledged,
    ...VIOLATION_KINDS.map((each) => violations.filter((violation) => violation.kind === each).length),
    slowest.toFixed(1),
  ]);
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
