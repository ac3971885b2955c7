import type { components } from '../../api/schema.d.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './reports.module.css';

type Cohort = components['schemas']['RetentionReport']['cohorts'][number];

/** Cohorts of the first order and the months after it: treated customers, with the control group below. */
export function RetentionTable({ cohorts, months }: { cohorts: readonly Cohort[]; months: number[] }) {
  const t = useMessages(messages);
  const format = useFormat();
  const percent = (share: number | null) => (share === null ? '–' : format.percent(share, 0));
  const columns: Column<Cohort>[] = [
    { id: 'month', header: t.firstOrder, rowHeader: true, cell: ({ month }) => format.month(month) },
    {
      id: 'customers',
      header: t.customers,
      number: true,
      cell: ({ treated, control }) => (
        <>
          {format.number(treated, 0)}
          <span className={styles.note}>{format.number(control, 0)}</span>
        </>
      ),
    },
    ...months.map(
      (after): Column<Cohort> => ({
        id: String(after),
        header: t.monthAfter(after),
        number: true,
        cell: (cohort) => {
          const month = cohort.months.find((own) => own.after === after);
          if (!month) return null;
          const strength = Math.round((month.treated ?? 0) * 60);
          return (
            <span
              className={styles.cell}
              style={{ background: `color-mix(in srgb, var(--series-1) ${strength}%, transparent)` }}
            >
              {percent(month.treated)}
              <span className={styles.note}>{percent(month.control)}</span>
            </span>
          );
        },
      }),
    ),
  ];
  return (
    <DataTable
      caption={t.figuresOf(t.cohorts)}
      columns={columns}
      rows={cohorts}
      rowKey={({ month }) => month}
      empty={<Empty title={t.noOrders} />}
    />
  );
}
