import type { components } from '../../api/schema.d.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import styles from './reports.module.css';
import { useTouchpointName } from './touchpoint-name.ts';

type Report = components['schemas']['AttributionReport'];
type Touchpoint = Report['touchpoints'][number];

/** Credits by every model, with the incremental number beside them. */
export function AttributionTable({ report }: { report: Report }) {
  const t = useMessages(messages);
  const nameTouchpoint = useTouchpointName();
  const format = useFormat();
  const names: Record<string, string | undefined> = {
    last: t.model_last,
    first: t.model_first,
    linear: t.model_linear,
    position: t.model_position,
    time_decay: t.model_time_decay,
    shapley: t.model_shapley,
  };
  const columns: Column<Touchpoint>[] = [
    {
      id: 'touchpoint',
      header: t[`by_${report.by}`],
      rowHeader: true,
      cell: ({ touchpoint }) => nameTouchpoint(touchpoint, report.by),
    },
    ...report.models.map(
      (model): Column<Touchpoint> => ({
        id: model,
        header: names[model] ?? t.markov(model.replace('markov_', '')),
        number: true,
        cell: ({ credits }) => format.number((credits[model]?.milliConversions ?? 0) / 1_000, 2),
      }),
    ),
    {
      id: 'incremental',
      header: t.incremental,
      number: true,
      cell: ({ incremental: { conversions } }) => {
        switch (conversions.kind) {
          case 'no_control':
            return <span className={styles.note}>{t.noControl}</span>;
          case 'invalid':
            return <span className={styles.note}>{t.invalid}</span>;
          case 'too_few':
            return <span className={styles.note}>{t.tooFew}</span>;
          default:
            return (
              <>
                {format.number(conversions.amount, 1)}
                <span className={styles.note}>
                  {t.interval(format.number(conversions.low, 1), format.number(conversions.high, 1))}
                </span>
              </>
            );
        }
      },
    },
  ];
  return (
    <DataTable
      caption={t.figuresOf(t.sideBySide)}
      columns={columns}
      rows={report.touchpoints}
      rowKey={({ touchpoint }) => touchpoint ?? ''}
      empty={<Empty title={t.noConversions} />}
    />
  );
}
