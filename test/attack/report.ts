import type { Observed } from './observe.ts';
import type { Tally } from './tally.ts';

export interface PartResult {
  name: string;
  what: string;
  tally: Tally;
  observed: Observed;
  /** What the API has logged meanwhile. */
  errors: string[];
}

/** The table, in Markdown. */
export function formatReport(results: PartResult[]): string {
  const header = ['part', 'what', 'tried', '5xx', 'wrong', 'slowest (ms)', 'good p99 (ms)', 'memory (MB)'];
  const rows = results.map(({ name, what, tally, observed }) => [
    name,
    tally.skipped === null ? what : `${what} (skipped)`,
    tally.tried.toLocaleString('en'),
    tally.serverErrors,
    tally.violations.length - tally.serverErrors,
    Math.round(tally.slowestMs).toLocaleString('en'),
    Math.round(observed.good.p99).toLocaleString('en'),
    Math.round(observed.memoryMb).toLocaleString('en'),
  ]);
  const rule = header.map((_, column) => (column < 2 ? '---' : '--:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
