import { CATALOGUE, type MetricName } from './catalogue.ts';
import type { Role } from './declaration.ts';

/** What the health thread knows of the process. */
export interface ThreadMetrics {
  roles: readonly Role[];
  isReady: boolean;
  blockedMs: number;
  metricsAgeMs: number;
}

/** The gauges of the health thread in Prometheus' text format. */
export function renderThreadMetrics({ roles, isReady, blockedMs, metricsAgeMs }: ThreadMetrics): string {
  return [
    ...renderGauge(
      'throughline_ready',
      roles.map((role) => [`{role="${role}"}`, isReady ? 1 : 0]),
    ),
    ...renderGauge('throughline_blocked_seconds', [['', blockedMs / 1_000]]),
    ...renderGauge('throughline_metrics_age_seconds', [['', metricsAgeMs / 1_000]]),
    '',
  ].join('\n');
}

function renderGauge(name: MetricName, series: [labels: string, value: number][]): string[] {
  return [
    `# HELP ${name} ${CATALOGUE[name].help}`,
    `# TYPE ${name} gauge`,
    ...series.map(([labels, value]) => `${name}${labels} ${value}`),
  ];
}
