import { useState } from 'react';
import { Axes } from './axes.tsx';
import { Bars } from './bars.tsx';
import styles from './chart.module.css';
import type { ChartData, ChartLook } from './chart-data.ts';
import { Lines } from './lines.tsx';
import { createPlot } from './plot.ts';
import { ChartTooltip } from './tooltip.tsx';
import { useWidth } from './use-width.ts';

/** Bars and lines over categories. Under the pointer the values are written out; screen readers get the table. */
export function Drawing({ data, look, height }: { data: ChartData; look: ChartLook; height: number }) {
  const [place, width] = useWidth();
  const [hovered, setHovered] = useState<number | null>(null);
  const plot = width > 0 ? createPlot(data, look, width, height) : null;
  const point = (x: number) => {
    if (!plot) return;
    const index = Math.floor((x - plot.left) / plot.step);
    setHovered(index >= 0 && index < data.categories.length ? index : null);
  };
  return (
    <div
      ref={place}
      className={styles.drawing}
      style={{ height }}
      dir="ltr"
      aria-hidden="true"
      onPointerMove={(event) => point(event.clientX - event.currentTarget.getBoundingClientRect().left)}
      onPointerLeave={() => setHovered(null)}
    >
      {plot && (
        <svg width={width} height={height} aria-hidden="true">
          {hovered !== null && (
            <rect
              x={plot.x(hovered) - plot.step / 2}
              y={plot.top}
              width={plot.step}
              height={plot.bottom - plot.top}
              className={styles.hover}
            />
          )}
          <Axes data={data} look={look} plot={plot} />
          <Bars data={data} plot={plot} />
          <Lines data={data} plot={plot} />
        </svg>
      )}
      {plot && hovered !== null && (
        <ChartTooltip data={data} look={look} index={hovered} x={plot.x(hovered)} width={width} />
      )}
    </div>
  );
}
