import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../src/metrics/catalogue.ts';
import { ROOT } from '../../support/paths.ts';
import { findFaults, labelsOf } from './promql.ts';

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; legendFormat: string }[];
}

interface Dashboard {
  panels: Panel[];
  templating: { list: { name: string; definition?: string }[] };
}

const text = readFileSync(path.join(ROOT, 'deploy/grafana/throughline.json'), 'utf8');
const dashboard = JSON.parse(text) as Dashboard;
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

test('every query of the dashboard reads metrics that a role exports, by labels that they have', () => {
  expect(queries.length).toBeGreaterThan(50);
  expect(queries.flatMap(({ title, expr }) => findFaults(expr).map((fault) => `${title}: ${fault}`))).toEqual(
    [],
  );
});

test('legends and variables of the dashboard name labels that exist', () => {
  const unknown = queries.flatMap(({ title, expr, legendFormat }) => {
    const labels = labelsOf(expr);
    const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] as string);
    return named.filter((label) => !labels.has(label)).map((label) => `${title}: ${label}`);
  });
  expect(unknown).toEqual([]);
  for (const { definition } of dashboard.templating.list) {
    const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(definition ?? '') ?? [];
    if (definition !== undefined) expect([...labelsOf(metric)]).toContain(label);
  }
  const variables = new Set(dashboard.templating.list.map(({ name }) => name));
  const used = [...text.matchAll(/\$\{?([a-z]\w*)/g)].map((match) => match[1] as string);
  expect(used.filter((name) => !variables.has(name))).toEqual([]);
});

test('every panel is explained, and none covers another', () => {
  expect(panels.filter(({ description }) => !description).map(({ title }) => title)).toEqual([]);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});

/** They are for alerts and for questions that the dashboard does not ask. */
const NOT_SHOWN = [
  'throughline_build_info',
  'throughline_journeys_overdue_oldest_seconds',
  'throughline_metrics_age_seconds',
  'throughline_reconciliation_passes_total',
  'throughline_relay_loop_pages_total',
  'throughline_worker_restarts_total',
];

test('every metric of Throughline is on the dashboard, except some', () => {
  const missing = Object.keys(CATALOGUE).filter((name) => !text.includes(name));
  expect(missing.sort()).toEqual(NOT_SHOWN);
});

test('a metric that nobody exports, a wrong label, a histogram without its suffix and wrong syntax are found: a control', () => {
  expect(findFaults('sum by (kind) (rate(throughline_decision_seconds_bucket{kind="journey"}[5m]))')).toEqual(
    [],
  );
  expect(findFaults('throughline_nothing')).toEqual(['no role exports throughline_nothing']);
  expect(findFaults('throughline_decision_seconds')).toEqual([
    'no role exports throughline_decision_seconds',
  ]);
  expect(findFaults('throughline_ready{rolle="api"}')).toEqual(['throughline_ready has no label rolle']);
  expect(findFaults('sum by (channel) (throughline_ready)')).toEqual([
    'no series has the label channel: sum by (channel) (throughline_ready)',
  ]);
  expect(findFaults('sum(rate(throughline_events_total[5m])')[0]).toMatch(/^syntax error/);
});
