import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { LoggedRow } from '../../../src/learning/evaluation/logged-decision.ts';
import { ROOT } from '../../support/paths.ts';

export function row(changes: Partial<LoggedRow> = {}): LoggedRow {
  return {
    customer: 'c-1',
    segment: null,
    reward: 0,
    logged: 0.5,
    target: 0.5,
    unsupported: 0,
    weightSquare: null,
    model: null,
    ...changes,
  };
}

export interface Shown {
  item: number;
  click: number;
  propensity: number;
}

/** One log of the Open Bandit Dataset's sample; see data/README.md. */
export function openBandit(log: 'all' | 'men' | 'women'): Shown[] {
  const file = path.join(ROOT, `test/learning/evaluation/data/obd-bts-${log}.csv.gz`);
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n').slice(1);
  return lines.map((line) => {
    const [item, click, propensity] = line.split(',').map(Number) as [number, number, number];
    return { item, click, propensity };
  });
}
