import { ChartColumn, Table2 } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { Button } from '../button.tsx';
import { Empty } from '../empty.tsx';
import { Skeleton } from '../skeleton.tsx';
import { Table } from '../table.tsx';
import styles from './chart.module.css';
import { type ChartData, hasValues } from './chart-data.ts';
import { ChartRows } from './chart-table.tsx';
import { messages } from './messages.ts';

const Canvas = lazy(() => import('./chart-canvas.tsx'));

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
  horizontal?: boolean;
  max?: number;
  height?: number;
  /** In place of the chart where there are no values. */
  empty?: ReactNode;
}

const HEIGHT = 260;

/** A chart of bars and lines, that can be read as a table. The library is loaded with the first one that is shown. */
export function Chart({
  title,
  axis,
  data,
  format,
  formatAxis,
  horizontal,
  max,
  height = HEIGHT,
  empty,
}: Props) {
  const t = useMessages(messages);
  const { number } = useFormat();
  const [asTable, setAsTable] = useState(false);
  const look = useMemo(() => {
    const write = format ?? number;
    return {
      format: write,
      formatAxis: formatAxis ?? write,
      ...(horizontal === undefined ? {} : { horizontal }),
      ...(max === undefined ? {} : { max }),
    };
  }, [format, formatAxis, number, horizontal, max]);
  if (!hasValues(data)) return empty ?? <Empty title={t.empty} />;
  const rows = <ChartRows data={data} look={look} axis={axis} />;
  return (
    <figure className={styles.figure} aria-label={title}>
      <div className={styles.bar}>
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
        <Table caption={title}>{rows}</Table>
      ) : (
        <>
          <Suspense
            fallback={
              <div style={{ height }}>
                <Skeleton lines={4} />
              </div>
            }
          >
            <Canvas data={data} look={look} height={height} />
          </Suspense>
          <table className="visually-hidden">
            <caption>{title}</caption>
            {rows}
          </table>
        </>
      )}
    </figure>
  );
}
