import { ChartColumn, Table2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { Button } from '../button.tsx';
import { Empty } from '../empty.tsx';
import { Table } from '../table.tsx';
import styles from './chart.module.css';
import { type ChartData, type ChartLook, hasValues } from './chart-data.ts';
import { ChartRows } from './chart-table.tsx';
import { Drawing } from './drawing.tsx';
import { HorizontalBars } from './horizontal-bars.tsx';
import { Legend } from './legend.tsx';
import { messages } from './messages.ts';

interface Props {
  /** What the chart shows: the caption of its table. */
  title: string;
  /** What the categories are, such as "Day". */
  axis: string;
  data: ChartData;
  /** Writes a value; by default as a number. */
  format?: (value: number) => string;
  /** Writes a value of the axis; by default as `format`. */
  formatAxis?: (value: number) => string;
  /** Bars lie, one row per category, each with its value: for names that are long. It shows no lines. */
  horizontal?: boolean;
  /** Largest value of the axis, such as 1 for shares. */
  max?: number;
  /** In pixels; lying bars take what they need. */
  height?: number;
  /** In place of the chart where there are no values. */
  empty?: ReactNode;
}

const HEIGHT = 240;

/** A chart of bars and lines. It can be read as a table, and screen readers always get that. */
export function Chart({ title, axis, data, horizontal = false, height = HEIGHT, empty, ...writers }: Props) {
  const t = useMessages(messages);
  const { number } = useFormat();
  const [asTable, setAsTable] = useState(false);
  if (!hasValues(data)) return empty ?? <Empty title={t.empty} />;
  const look = lookOf(writers, number);
  const rows = <ChartRows data={data} look={look} axis={axis} />;
  return (
    <figure className={styles.figure} aria-label={title}>
      <div className={styles.head}>
        {asTable ? <span /> : <Legend series={data.series} />}
        <Button
          size="sm"
          kind="quiet"
          icon={asTable ? <ChartColumn aria-hidden="true" /> : <Table2 aria-hidden="true" />}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? t.asChart : t.asTable}
        </Button>
      </div>
      {asTable ? (
        <Table caption={t.table({ title })}>{rows}</Table>
      ) : (
        <>
          {horizontal ? (
            <div aria-hidden="true">
              <HorizontalBars data={data} look={look} />
            </div>
          ) : (
            <Drawing data={data} look={look} height={height} />
          )}
          <div className="visually-hidden">
            <table>
              <caption>{title}</caption>
              {rows}
            </table>
          </div>
        </>
      )}
    </figure>
  );
}

function lookOf(
  { format, formatAxis, max }: Pick<Props, 'format' | 'formatAxis' | 'max'>,
  number: (value: number) => string,
): ChartLook {
  const write = format ?? ((value: number) => number(value));
  return { format: write, formatAxis: formatAxis ?? write, ...(max === undefined ? {} : { max }) };
}
