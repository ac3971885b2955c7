import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Period } from '../../app/reports/report-deps.ts';
import { type Instant, iso, toHttpDate } from '../../domain/time/time.ts';
import type { Call } from '../frame/operation.ts';
import { defineOperation, type Operation, type Reply } from '../frame/operation.ts';
import { type CsvRow, writeCsv } from './csv/csv.ts';
import { toPeriodView } from './period.ts';

/** A report and when its numbers were counted. */
interface Answer<View> {
  view: View;
  countedAt: Instant;
  period: Period;
}

interface ReportDefinition<Query, View extends { period: unknown; countedAt: unknown }> {
  id: string;
  /** `value` is served at `/v1/reports/value`. */
  name: string;
  summary: string;
  description: string;
  query: z.ZodType<Query & { format?: 'json' | 'csv' | undefined }>;
  schema: z.ZodType<View>;
  problems: number[];
  csv: { columns: readonly string[]; toRows: (view: View) => CsvRow[] };
  read(call: Call<Query>): Promise<Answer<Omit<View, 'period' | 'countedAt'>>>;
}

/** A report as an operation: with its age, an ETag over its content, and the same numbers as CSV. */
export function defineReport<Query, View extends { period: unknown; countedAt: unknown }>(
  report: ReportDefinition<Query, View>,
): Operation {
  const { id, name, summary, description, query, schema, problems, csv } = report;
  return defineOperation({
    id,
    method: 'get',
    path: `/v1/reports/${name}`,
    tag: 'Reports',
    summary,
    scope: 'read',
    query,
    replies: { 200: { description, schema, csv: `Columns: ${csv.columns.join(', ')}` } },
    problems,
    async handle(call) {
      const { view: counted, countedAt, period } = await report.read(call);
      const view = { ...counted, period: toPeriodView(period), countedAt: iso(countedAt) } as unknown as View;
      const etag = `W/"${createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, 22)}"`;
      const headers = { ETag: etag, 'Last-Modified': toHttpDate(countedAt), Vary: 'Accept' };
      if (call.headers['if-none-match']?.split(',').some((tag) => tag.trim() === etag))
        return { status: 304, headers };
      if (!wantsCsv(call)) return { body: view, headers };
      const days = [period.from, period.to].map((at) => iso(at).slice(0, 10)).join('-to-');
      return {
        text: { type: 'text/csv', content: writeCsv(csv.columns, csv.toRows(view)) },
        headers: { ...headers, 'Content-Disposition': `attachment; filename="${name}-${days}.csv"` },
      } as Reply<View>;
    },
  });
}

/** The query decides; without one the `Accept` header does, if it names CSV and not JSON. */
function wantsCsv({
  query,
  headers,
}: {
  query: { format?: string | undefined };
  headers: IncomingHttpHeaders;
}) {
  if (query.format !== undefined) return query.format === 'csv';
  const accept = headers.accept ?? '';
  return accept.includes('text/csv') && !accept.includes('application/json');
}
