import type { UseQueryResult } from '@tanstack/react-query';
import type { Problem } from '../../api/problem.ts';
import type { Answer } from '../../api/use-api.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { JourneyView } from './journey-page.tsx';
import type { JourneyReport } from './journey-rows.ts';
import styles from './journeys.module.css';
import { messages } from './messages.ts';
import { ShareBar } from './share-bar.tsx';

export type ReportQuery = UseQueryResult<Answer<'get', '/v1/reports/journeys'>, Problem>;

interface Props {
  journey: JourneyView;
  report: ReportQuery;
  figures: JourneyReport | undefined;
}

/** How many customers reached each step, went on, are there and left. */
export function FunnelTab({ journey, report, figures }: Props) {
  const t = useMessages(messages);
  const format = useFormat();
  const entered = figures?.treated.entered ?? 0;
  const count = (n: number) => format.number(n, 0);
  const times = (step: string) => journey.times.find((time) => time.step === step);
  const stay = (time: { p50: number; p90: number } | null | undefined) =>
    time ? `${format.duration(time.p50)} / ${format.duration(time.p90)}` : '–';
  return (
    <QueryState query={report}>
      {() => (
        <>
          <p className={styles.muted}>{t.funnelNote}</p>
          <DataTable
            caption={t.funnelCaption}
            rows={figures?.steps ?? []}
            rowKey={(row) => row.step}
            empty={<Empty title={t.noEntries} />}
            columns={[
              { id: 'step', header: t.step, rowHeader: true, cell: (row) => row.step },
              {
                id: 'bar',
                header: t.share,
                cell: (row) => <ShareBar part={row.reached} whole={entered} />,
              },
              { id: 'reached', header: t.reached, number: true, cell: (row) => count(row.reached) },
              { id: 'moved', header: t.movedOn, number: true, cell: (row) => count(row.movedOn) },
              { id: 'now', header: t.there, number: true, cell: (row) => count(row.current) },
              {
                id: 'ended',
                header: t.ended,
                number: true,
                cell: (row) => count(row.ended.reduce((sum, { ended }) => sum + ended, 0)),
              },
              { id: 'stayNow', header: t.stayNow, number: true, cell: (row) => stay(times(row.step)?.now) },
              {
                id: 'stayLeft',
                header: t.stayLeft,
                number: true,
                cell: (row) => stay(times(row.step)?.left),
              },
            ]}
          />
        </>
      )}
    </QueryState>
  );
}
