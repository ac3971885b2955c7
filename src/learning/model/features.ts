import { getOwn } from '../../domain/values/get-own.ts';
import { mapToCircle } from '../../maths/cycle.ts';
import { fingerprintContent } from '../../maths/digest.ts';
import { log1p } from '../../maths/elementary.ts';
import type { LearningRefusal } from './learning-refusal.ts';

/** Features are clipped to −CLIP…CLIP. */
export const CLIP = 3;
/** A decision takes time in proportion to arms × features², so the number of columns is limited. */
const MAX_COLUMNS = 32;

/**
 * One feature. `number`: (value − centre) / scale, or (log1p(value) − centre) / scale with `log`. `flag`: 0 or 1.
 * `cycle`: two columns, cosine and sine of value / period (hours of a day, days of a week).
 */
export type Feature = {
  name: string;
  /** The permission that the customer must give for the feature to be read; null: none is needed. */
  permission: string | null;
} & (
  | { kind: 'number'; centre: number; scale: number; log?: boolean }
  | { kind: 'flag' }
  | { kind: 'cycle'; period: number }
);

/** Features in order, with their constants of standardisation. A model version has one schema and never changes it. */
export interface FeatureSchema {
  features: Feature[];
  /** Each permission adds a column, which is 1 when the customer doesn't give it. */
  permissions: string[];
  /** Number of columns, including the constant 1 at the beginning. */
  size: number;
  /** Vectors can be combined only if their fingerprints are equal. */
  fingerprint: string;
}

/** @throws RangeError for more than 32 columns, a duplicate name, or a scale or period that isn't above 0. */
export function buildFeatureSchema(features: Feature[]): FeatureSchema {
  const permissions = [...new Set(features.flatMap((f) => f.permission ?? []))].sort();
  const size = 1 + permissions.length + features.reduce((sum, f) => sum + countColumns(f), 0);
  if (size > MAX_COLUMNS) throw new RangeError(`${size} toColumns of features: use at most ${MAX_COLUMNS}`);
  if (new Set(features.map((f) => f.name)).size < features.length)
    throw new RangeError('a feature is declared twice: give each its own name');
  for (const f of features) {
    const divisor = f.kind === 'number' ? f.scale : f.kind === 'cycle' ? f.period : 1;
    if (!(divisor > 0 && divisor < Infinity))
      throw new RangeError(`feature ${f.name}: set scale or period above 0`);
  }
  return { features, permissions, size, fingerprint: fingerprintContent(features.map(contentOf)) };
}

/**
 * Builds the vector of one customer: 1, then the features, then one missing indicator per permission. A feature is 0
 * if it isn't permitted, has no value, or isn't a finite number; the last case is also reported in `refusals`.
 */
export function buildFeatureVector(
  schema: FeatureSchema,
  values: Record<string, number>,
  permitted: ReadonlySet<string>,
): { vector: number[]; refusals: LearningRefusal[] } {
  const vector = [1];
  const refusals: LearningRefusal[] = [];
  for (const feature of schema.features) {
    const value = getOwn(values, feature.name);
    const allowed = feature.permission === null || permitted.has(feature.permission);
    const usable = allowed && Number.isFinite(value);
    if (allowed && value !== undefined && !usable)
      refusals.push({ code: 'not_finite', subject: feature.name });
    vector.push(
      ...(usable ? toColumns(feature, value as number) : new Array<number>(countColumns(feature)).fill(0)),
    );
  }
  for (const permission of schema.permissions) vector.push(permitted.has(permission) ? 0 : 1);
  return { vector, refusals };
}

function contentOf(feature: Feature): unknown[] {
  const { name, permission, kind } = feature;
  if (kind === 'number') return [name, permission, kind, feature.centre, feature.scale, feature.log ?? false];
  return kind === 'cycle' ? [name, permission, kind, feature.period] : [name, permission, kind];
}

function countColumns({ kind }: Feature): number {
  return kind === 'cycle' ? 2 : 1;
}

function toColumns(feature: Feature, value: number): number[] {
  if (feature.kind === 'flag') return [value > 0 ? 1 : 0];
  if (feature.kind === 'cycle') {
    const { cos, sin } = mapToCircle(value / feature.period);
    return [cos, sin];
  }
  const { centre, scale, log } = feature;
  const standard = ((log ? log1p(Math.max(0, value)) : value) - centre) / scale;
  return [Math.max(-CLIP, Math.min(CLIP, standard))];
}
