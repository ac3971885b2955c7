import { expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time/time.ts';
import { ATTRIBUTION_MODELS } from '../../../src/statistics/attribution/attribute.ts';
import { buildAttributionReport } from '../../../src/statistics/attribution/attribution-report.ts';
import {
  type AttributionTouch,
  buildPaths,
  MOST_TOUCHES,
  type TouchpointKind,
  toTouchpoints,
} from '../../../src/statistics/attribution/touch-paths.ts';
import { computeIncrementalOfMeans } from '../../../src/statistics/experiments/incremental.ts';
import { attributePaths, countPaths, NOW, path } from './support.ts';

const touch = (channel: string, day: number, action: string | null = null): AttributionTouch => ({
  channel,
  action,
  at: NOW + day * DAY,
});
const names = (paths: ReturnType<typeof buildPaths>, by: TouchpointKind = 'channel') =>
  paths.map((p) => toTouchpoints(p.touches, by).map((t) => t.touchpoint));

test('C-10: the path of a conversion has the touches since the previous one within the look-back', () => {
  const touches = [touch('sms', 40), touch('email', 0), touch('web', 29), touch('email', 31)];
  const conversions = [
    { at: NOW + 30 * DAY, value: 500 },
    { at: NOW + 31 * DAY, value: 300 },
    { at: NOW + 31 * DAY, value: 200 },
    { at: NOW + 33 * DAY, value: 100 },
  ];
  const paths = buildPaths(touches, conversions, 14 * DAY);
  expect(names(paths)).toEqual([['email'], ['web'], ['email'], [], ['sms']]);
  expect(paths.map((p) => [p.conversions, p.value])).toEqual([
    [0, 0],
    [1, 500],
    [2, 500],
    [1, 100],
    [0, 0],
  ]);
  expect(buildPaths([...touches].reverse(), [...conversions].reverse(), 14 * DAY)).toEqual(paths);
});

test('C-10: touchpoints are channels, actions, or actions on a channel', () => {
  const touches = [touch('email', 0, 'tip'), touch('web', 1), touch('sms', 2, 'tip')];
  const conversions = [{ at: NOW + 3 * DAY, value: 1 }];
  const by = (kind: TouchpointKind) => names(buildPaths(touches, conversions, 9 * DAY), kind);
  expect(by('channel')).toEqual([['email', 'web', 'sms']]);
  expect(by('action')).toEqual([['tip', 'tip']]);
  expect(by('action_on_channel')).toEqual([['tip@email', 'tip@sms']]);
});

test('C-10: a path without a conversion has the touches within the look-back of its last one', () => {
  const touches = [touch('sms', 0), touch('email', 13), touch('web', 20), touch('sms', 40)];
  expect(names(buildPaths(touches, [], 14 * DAY))).toEqual([['sms'], ['email', 'web'], ['sms']]);
  // What happened longer before the end of a path changes nothing about it.
  expect(names(buildPaths(touches.slice(1), [], 14 * DAY))).toEqual([['email', 'web'], ['sms']]);
});

test('C-10: of a path with very many touches the last ones count', () => {
  const touches = Array.from({ length: MOST_TOUCHES + 3 }, (_, n) => touch(`c${n}`, n / 100));
  const [converted] = names(buildPaths(touches, [{ at: NOW + DAY, value: 1 }], 9 * DAY));
  expect(converted).toHaveLength(MOST_TOUCHES);
  expect(converted?.[0]).toBe('c3');
});

test('C-10, B-5: the report has all models, each next to the incremental value of the holdout', () => {
  const paths = [
    path(['email', 'sms'], 1, 4000),
    path(['sms'], 1, 1000),
    path([], 1, 700),
    path(['email'], 0),
  ];
  const sms = computeIncrementalOfMeans(
    { customers: 1000, mean: 5, variance: 100 },
    { customers: 1000, mean: 4, variance: 100 },
  );
  const caused = {
    total: { kind: 'no_control' as const, treated: 3 },
    byTouchpoint: new Map([['sms', sms]]),
  };
  const credits = new Map(ATTRIBUTION_MODELS.map((model) => [model, attributePaths(paths, model)]));
  const report = buildAttributionReport(countPaths(paths), caused, credits);
  expect(report.models).toEqual([...ATTRIBUTION_MODELS]);
  expect(report.rows.map((row) => row.touchpoint)).toEqual(['email', 'sms', null]);
  for (const model of report.models) {
    const value = report.rows.reduce((sum, row) => sum + (row.credits[model]?.value as number), 0);
    expect(value).toBe(report.total.value);
  }
  expect(report.rows[1]?.incremental).toMatchObject({ kind: 'incremental', amount: 1000 });
  expect(report.rows[0]?.incremental).toEqual({ kind: 'no_control', treated: 0 });
  expect(report.total.incremental.kind).toBe('no_control');
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});
