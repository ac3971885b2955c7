import { useEffect, useRef } from 'react';
import { useTheme } from '../../app/theme.ts';
import styles from './chart.module.css';
import type { ChartData, ChartLook } from './chart-data.ts';
import { buildChartOption } from './chart-options.ts';
import { readChartTheme } from './chart-theme.ts';
import { drawInto } from './echarts.ts';
import { useMediaQuery } from './use-media-query.ts';

interface Props {
  data: ChartData;
  look: ChartLook;
  height: number;
}

/** The drawing. Screen readers get the table beside it. */
export default function ChartCanvas({ data, look, height }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const drawing = useRef<ReturnType<typeof drawInto> | null>(null);
  const theme = useTheme();
  const isDark = useMediaQuery('(prefers-color-scheme: dark)');
  const isStill = useMediaQuery('(prefers-reduced-motion: reduce)');

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const chart = drawInto(element);
    drawing.current = chart;
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
      drawing.current = null;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens have other values in another theme
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const option = buildChartOption(data, look, readChartTheme(element), { animated: !isStill });
    drawing.current?.setOption(option, { notMerge: true });
  }, [data, look, isStill, theme, isDark]);

  return <div ref={place} className={styles.canvas} style={{ height }} aria-hidden="true" dir="ltr" />;
}
