import { CATALOGUE } from '../../src/metrics/catalogue.ts';
import { type Declaration, ROLES } from '../../src/metrics/declaration.ts';
import { type ForeignMetric, NODE_METRICS, SDK_METRICS } from '../../src/metrics/foreign-metrics.ts';
import { wrapText } from './text.ts';

/** `docs/reference/metrics.md`, from the catalogue that the roles create their metrics from. */
export function renderMetrics(): string {
  const ours = Object.entries<Declaration>(CATALOGUE).map(
    ([name, { kind, help, labels = [], roles = ROLES }]) => {
      const servedBy = roles.length === ROLES.length ? 'all roles' : roles.join(', ');
      return renderMetric(name, help, [kind, servedBy, ...describeLabels(labels)]);
    },
  );
  return `# Metrics

With \`HEALTH_PORT\`, each process serves \`/metrics\` there, in Prometheus' text format. The endpoint needs no key, so the
port belongs into a private network; the public \`PORT\` of the API does not serve it.
[Operations](../operations.md#metrics) says what to look at, and has the dashboard and the alerts.

\`npm run docs\` writes this page from \`src/metrics\`.

## Throughline

Metrics of the relay about the whole installation are the same in every relay: use \`max\`, not \`sum\`. All others are
about one process.

${ours.join('\n')}

## Temporal's SDK

Of processes with the role \`worker\`. These and more; [Temporal's
documentation](https://docs.temporal.io/references/sdk-metrics) has the list.

${renderForeign(SDK_METRICS)}

## Node

Of every process, by [prom-client](https://github.com/siimon/prom-client). These and more.

${renderForeign(NODE_METRICS)}
`;
}

function renderForeign(metrics: Record<string, ForeignMetric>): string {
  return Object.entries(metrics)
    .map(([name, { kind, labels, help }]) => renderMetric(name, help, [kind, ...describeLabels(labels)]))
    .join('\n');
}

function renderMetric(name: string, help: string, facts: string[]): string {
  return wrapText(`- \`${name}\` (${facts.join('; ')}): ${help}`, '  ');
}

function describeLabels(labels: readonly string[]): string[] {
  if (labels.length === 0) return [];
  return [`by ${labels.map((label) => `\`${label}\``).join(', ')}`];
}
