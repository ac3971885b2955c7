import { parser } from '@prometheus-io/lezer-promql';
import { CATALOGUE } from '../../../src/metrics/catalogue.ts';
import { NODE_METRICS, SDK_METRICS } from '../../../src/metrics/foreign-metrics.ts';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

interface KnownMetric {
  kind: 'counter' | 'gauge' | 'histogram';
  labels?: readonly string[];
}

const KNOWN: Record<string, KnownMetric> = {
  ...CATALOGUE,
  ...SDK_METRICS,
  ...NODE_METRICS,
  // Prometheus' own, about each target.
  up: { kind: 'gauge' },
};

/** Labels that Prometheus adds to every series. */
const TARGET_LABELS = ['job', 'instance'];

/** What is wrong with a query: its syntax, a metric that no role exports, or a label that a metric does not have. */
export function findFaults(query: string): string[] {
  // Grafana replaces these before it sends the query.
  const text = query.replaceAll(/\$__(rate_interval|range|interval)/g, '5m');
  const root = parser.parse(text).topNode;
  const faults: string[] = [];
  for (const node of descendants(root)) {
    if (node.type.isError) faults.push(`syntax error at ${node.from}: ${query}`);
    if (node.name === 'VectorSelector') faults.push(...checkSelector(node, text));
    if (node.name === 'AggregateExpr') faults.push(...checkGrouping(node, text));
  }
  return faults;
}

/** The labels of all series that a query reads. */
export function labelsOf(query: string): Set<string> {
  const text = query.replaceAll(/\$__(rate_interval|range|interval)/g, '5m');
  return readLabels(parser.parse(text).topNode, text);
}

function checkSelector(selector: SyntaxNode, text: string): string[] {
  const name = readName(selector, text);
  const labels = labelsOfSeries(name);
  if (!labels) return [`no role exports ${name}`];
  return descendants(selector)
    .filter((node) => node.name === 'LabelName')
    .map((node) => text.slice(node.from, node.to))
    .filter((label) => !labels.includes(label))
    .map((label) => `${name} has no label ${label}`);
}

function checkGrouping(aggregation: SyntaxNode, text: string): string[] {
  const labels = readLabels(aggregation, text);
  const grouping = aggregation.getChild('AggregateModifier')?.getChild('GroupingLabels');
  return (grouping ? descendants(grouping) : [])
    .filter((node) => node.name === 'LabelName')
    .map((node) => text.slice(node.from, node.to))
    .filter((label) => !labels.has(label))
    .map((label) => `no series has the label ${label}: ${text.slice(aggregation.from, aggregation.to)}`);
}

function readLabels(node: SyntaxNode, text: string): Set<string> {
  const selectors = descendants(node).filter(({ name }) => name === 'VectorSelector');
  return new Set(selectors.flatMap((selector) => labelsOfSeries(readName(selector, text)) ?? []));
}

function readName(selector: SyntaxNode, text: string): string {
  const identifier = selector.getChild('Identifier');
  return identifier ? text.slice(identifier.from, identifier.to) : '';
}

/** The labels of a series by its name; undefined if there is none of this name. */
function labelsOfSeries(name: string): string[] | undefined {
  const suffix = /_(bucket|sum|count)$/.exec(name)?.[0] ?? '';
  const histogram = KNOWN[name.slice(0, name.length - suffix.length)];
  if (suffix !== '' && histogram?.kind === 'histogram')
    return [...(histogram.labels ?? []), ...TARGET_LABELS, ...(suffix === '_bucket' ? ['le'] : [])];
  const metric = KNOWN[name];
  if (!metric || metric.kind === 'histogram') return undefined;
  return [...(metric.labels ?? []), ...TARGET_LABELS];
}

function descendants(root: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  root.cursor().iterate((node) => void found.push(node.node));
  return found;
}
