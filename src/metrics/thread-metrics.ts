import { CATALOGUE, type MetricName } from './catalogue.ts';

type ThreadMetric = Extract<
  MetricName,
  'throughline_ready' | 'throughline_blocked_seconds' | 'throughline_metrics_age_seconds'
>;

/** The gauges of the health thread in Prometheus' text format. */
export function renderThreadMetrics(values: Record<ThreadMetric, number>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        `# HELP ${name} ${CATALOGUE[name as ThreadMetric].help}\n# TYPE ${name} gauge\n${name} ${value}\n`,
    )
    .join('\n');
}
