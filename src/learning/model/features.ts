import { getOwn } from '../../domain/values/get-own.ts';
import { mapToCircle } from '../../maths/cycle.ts';
import { fingerprintContent } from '../../maths/digest.ts';
import { log1p } from '../../maths/elementary.ts';
import type { LearningRefusal } from './learning-refusal.ts';

/** No feature is further from 0 than this. */
export const CLIP = 3;
/** A decision costs arms × features², so there is an end. */
const MOST_COLUMNS = 32;

/**
 * One feature. `number`: (value − centre) / scale, of log1p(value) where so said. `flag`: 0 or 1. `cycle`: two columns,
 * cosine and sine of value / period (hours of a day, days of a week).
 */
export type Feature = {
  name: string;
  /** What the customer must allow for it to be read; null for what is no one's. */
  permission: string | null;
} & (
  | { kind: 'number'; centre: number; scale: number; log?: boolean }
  | { kind: 'flag' }
  | { kind: 'cycle'; period: number }
);

/** Features in their order, with the constants of standardisation: frozen in the model's version. */
export interface FeatureSchema {
  features: Feature[];
  /** Each has one column more: 1 when the customer doesn't allow it. */
  permissions: string[];
  /** Columns, the constant 1 at the beginning included. */
  size: number;
  /** Says which vectors may be mixed. */
  fingerprint: string;
}

/** @throws RangeError for more than 32 columns, a name twice, or a scale or period that isn't above 0. */
export function buildFeatureSchema(features: Feature[]): FeatureSchema {
  const permissions = [...new Set(features.flatMap((f) => f.permission ?? []))].sort();
  const size = 1 + permissions.length + features.reduce((sum, f) => sum + columnsOf(f), 0);
  if (size > MOST_COLUMNS) throw new RangeError(`${size} columns of features: use at most ${MOST_COLUMNS}`);
  if (new Set(features.map((f) => f.name)).size < features.length)
    throw new RangeError('a feature is declared twice: give each its own name');
  for (const f of features) {
    const divisor = f.kind === 'number' ? f.scale : f.kind === 'cycle' ? f.period : 1;
    if (!(divisor > 0 && divisor < Infinity))
      throw new RangeError(`feature ${f.name}: scale or period must be above 0`);
  }
  return { features, permissions, size, fingerprint: fingerprintContent(features.map(contentOf)) };
}

/**
 * The vector of one customer: 1, then the features, then a missing indicator per permission. What isn't permitted is
 * 0 everywhere, as is what isn't known, or isn't a finite number; the last of these is recorded.
 */
export function buildFeatureVector(
  shape: FeatureSchema,
  values: Record<string, number>,
  permitted: ReadonlySet<string>,
): { x: number[]; refused: LearningRefusal[] } {
  const x = [1];
  const refused: LearningRefusal[] = [];
  for (const feature of shape.features) {
    const value = getOwn(values, feature.name);
    const allowed = feature.permission === null || permitted.has(feature.permission);
    const known = allowed && Number.isFinite(value);
    if (allowed && value !== undefined && !known) refused.push({ code: 'not_finite', subject: feature.name });
    x.push(...(known ? columns(feature, value as number) : new Array<number>(columnsOf(feature)).fill(0)));
  }
  for (const permission of shape.permissions) x.push(permitted.has(permission) ? 0 : 1);
  return { x, refused };
}

function contentOf(feature: Feature): unknown[] {
  const { name, permission, kind } = feature;
  if (kind === 'number') return [name, permission, kind, feature.centre, feature.scale, feature.log ?? false];
  return kind === 'cycle' ? [name, permission, kind, feature.period] : [name, permission, kind];
}

function columnsOf({ kind }: Feature): number {
  return kind === 'cycle' ? 2 : 1;
}

function columns(feature: Feature, value: number): number[] {
  if (feature.kind === 'flag') return [value > 0 ? 1 : 0];
  if (feature.kind === 'cycle') {
    const { cos, sin } = mapToCircle(value / feature.period);
    return [cos, sin];
  }
  const { centre, scale, log } = feature;
  const standard = ((log ? log1p(Math.max(0, value)) : value) - centre) / scale;
  return [Math.max(-CLIP, Math.min(CLIP, standard))];
}
