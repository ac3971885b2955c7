import { getRouteApi } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { Empty } from '../../components/empty.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import type { Period } from '../../format/period.ts';
import { useMessages } from '../../i18n/messages.ts';
import { AttributionReport } from './attribution-report.tsx';
import { DeliveriesReport } from './deliveries-report.tsx';
import { ExperimentsReport } from './experiments-report.tsx';
import { messages } from './messages.ts';
import { readPeriod } from './period.ts';
import { DownloadCsv } from './report-frame.tsx';
import { REPORTS, type ReportId, ReportNav } from './report-nav.tsx';
import { RetentionReport } from './retention-report.tsx';
import { ValueReport } from './value-report.tsx';

const route = getRouteApi('/shell/reports/$report');

const PAGES: Record<ReportId, ComponentType<{ period: Period }>> = {
  value: ValueReport,
  retention: RetentionReport,
  experiments: ExperimentsReport,
  attribution: AttributionReport,
  deliveries: DeliveriesReport,
};

/** One report of a period, which is in the URL. */
export function ReportPage() {
  const t = useMessages(messages);
  const params = route.useParams();
  const { from, to, ...filters } = route.useSearch();
  const report = REPORTS.find((id) => id === params.report);
  const period = readPeriod({ ...(from && { from }), ...(to && { to }) });
  const shown = { ...(from && { from }), ...(to && { to }) };
  if (report === undefined)
    return (
      <>
        <PageHeader title={t.title} />
        <ReportNav period={shown} />
        <Empty title={t.unknownReport} />
      </>
    );
  const Page = PAGES[report];
  return (
    <>
      <PageHeader
        title={t[report]}
        lead={t[`${report}Lead`]}
        actions={<DownloadCsv path={`/v1/reports/${report}`} query={{ ...filters, ...period }} />}
      />
      <ReportNav period={shown} />
      <Page period={period} />
    </>
  );
}
