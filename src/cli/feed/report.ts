import type { FeedOutcome } from './queries.ts';

/** The result of a finished run. */
export interface FeedReport {
  events: number;
  customers: number;
  historical: boolean;
  /** From the first request to the last answer. */
  sendingSeconds: number;
  /** From the first request until every customer was settled. */
  settledSeconds: number;
  outcome: FeedOutcome;
}

/** The report as a table of two columns. */
export function formatReport(report: FeedReport): string {
  const { outcome } = report;
  const rows: [string, string][] = [
    ['events accepted', `${report.events}`],
    ['customers', `${report.customers}`],
    ['customer journeys open', `${outcome.journeys}`],
    ['enrollments', `${outcome.entered}`],
    ...outcome.decisions.map((d): [string, string] => [`decisions: ${d.outcome}`, `${d.count}`]),
    ...outcome.deliveries.map((d): [string, string] => [`deliveries: ${d.state}`, `${d.count}`]),
    ['seconds until sent', report.sendingSeconds.toFixed(1)],
    ['seconds until settled', report.settledSeconds.toFixed(1)],
  ];
  const left = Math.max(...rows.map(([name]) => name.length));
  const right = Math.max(...rows.map(([, value]) => value.length));
  return rows.map(([name, value]) => `  ${name.padEnd(left)}  ${value.padStart(right)}`).join('\n');
}
