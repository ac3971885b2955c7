import { Badge, type Tone } from '../../components/badge.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { Comparison } from './comparison.ts';
import { IntervalBar } from './interval-bar.tsx';
import { messages } from './messages.ts';
import styles from './reports.module.css';

/** One figure of treated customers beside the control group. */
export interface ComparisonRow {
  id: string;
  name: string;
  note?: string;
  comparison: Comparison;
  /** Writes a mean, such as 12.3% or 4.20 EUR. */
  format(value: number): string;
}

interface Props {
  caption: string;
  rows: readonly ComparisonRow[];
  empty: string;
}

const TONES: Record<'more' | 'less' | 'open', Tone> = { more: 'success', less: 'danger', open: 'neutral' };

/** Figures of treated customers and of the control group, with the interval of the difference. */
export function ComparisonTable({ caption, rows, empty }: Props) {
  const t = useMessages(messages);
  const { number } = useFormat();
  const write = (pick: (measured: Comparison & { kind: 'measured' }) => number) => (row: ComparisonRow) =>
    row.comparison.kind === 'measured' ? row.format(pick(row.comparison)) : '–';
  const columns: Column<ComparisonRow>[] = [
    {
      id: 'name',
      header: t.figure,
      rowHeader: true,
      cell: ({ name, note }) => (
        <>
          {name}
          {note && <span className={styles.note}>{note}</span>}
        </>
      ),
    },
    { id: 'treated', header: t.treated, number: true, cell: write(({ treated }) => treated) },
    { id: 'control', header: t.control, number: true, cell: write(({ control }) => control) },
    {
      id: 'difference',
      header: t.difference,
      number: true,
      cell: ({ comparison: c, format }) =>
        c.kind === 'measured' ? (
          <>
            {signed(c.difference, format)}
            <span className={styles.note}>{t.interval(format(c.low), format(c.high))}</span>
          </>
        ) : (
          '–'
        ),
    },
    {
      id: 'bar',
      header: <span className="visually-hidden">{t.intervalPicture}</span>,
      cell: ({ comparison: c }) =>
        c.kind === 'measured' && (
          <IntervalBar {...c} scale={Math.max(Math.abs(c.low), Math.abs(c.high), c.detectable) * 1.1} />
        ),
    },
    { id: 'detectable', header: t.detectable, number: true, cell: write(({ detectable }) => detectable) },
    {
      id: 'verdict',
      header: t.verdict,
      cell: ({ comparison: c }) => {
        if (c.kind === 'measured') return <Badge tone={TONES[c.verdict]}>{t[`verdict_${c.verdict}`]}</Badge>;
        if (c.kind === 'invalid') return <Badge tone="warning">{t.invalid}</Badge>;
        if (c.kind === 'no_control') return <Badge>{t.noControl}</Badge>;
        return (
          <>
            <Badge>{t.tooFew}</Badge>
            <span className={styles.note}>
              {t.needed(number(c.treated, 0), number(c.control, 0), number(c.needed, 0))}
            </span>
          </>
        );
      },
    },
  ];
  return (
    <DataTable
      caption={caption}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      empty={<Empty title={empty} />}
    />
  );
}

const signed = (value: number, format: (value: number) => string): string =>
  value > 0 ? `+${format(value)}` : format(value);
