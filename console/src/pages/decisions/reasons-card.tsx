import { Link } from '@tanstack/react-router';
import { Card } from '../../components/card.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useGateName } from '../../reasons/gate-names.ts';
import { useReasonName } from '../../reasons/reason-names.ts';
import styles from './decisions.module.css';
import { type Funnel, type ReasonCount, sumReasons, sumStages } from './funnel.ts';
import { messages } from './messages.ts';

/** The reasons that blocked most candidates, in words. Each leads to its decisions. */
export function ReasonsCard({ report }: { report: Funnel }) {
  const t = useMessages(messages);
  const { number, percent } = useFormat();
  const gateName = useGateName();
  const reasonName = useReasonName();
  const { candidates: all } = sumStages(report);
  const columns: Column<ReasonCount>[] = [
    {
      id: 'reason',
      header: t.reason,
      rowHeader: true,
      cell: (reason) => (
        <>
          <Link to="/decisions" search={(now: object) => ({ ...now, gate: reason.gate })} resetScroll={false}>
            {reasonName(reason)}
          </Link>
          <span className={styles.muted}>{gateName(reason.gate)}</span>
        </>
      ),
    },
    { id: 'candidates', header: t.stopped, number: true, cell: ({ candidates }) => number(candidates) },
    { id: 'share', header: t.share, number: true, cell: ({ candidates }) => percent(candidates / all) },
  ];
  return (
    <Card title={t.reasons} note={t.reasonsNote} flush>
      <div className={styles.scrollY}>
        <DataTable
          caption={t.reasonsCaption}
          columns={columns}
          rows={sumReasons(report)}
          rowKey={({ gate, code }) => `${gate} ${code}`}
          empty={<Empty title={t.noReasons} />}
        />
      </div>
    </Card>
  );
}
