import type { AttributionModel, Credit } from './attribute.ts';
import type { IncrementalEffect } from './incremental-effect.ts';
import type { TouchPath } from './touch-paths.ts';

/** What each model gives a touchpoint, beside what a holdout says that it has caused. */
interface AttributionRow {
  /** Null: conversions that nothing had touched. */
  touchpoint: string | null;
  credits: Partial<Record<AttributionModel, { milliConversions: number; value: number }>>;
  /** Incremental value; `no_control` where no experiment withheld this touchpoint alone. */
  incremental: IncrementalEffect;
}

export interface AttributionReport {
  models: AttributionModel[];
  /** By touchpoint; each model's credits sum to the totals exactly. */
  rows: AttributionRow[];
  total: { conversions: number; value: number; incremental: IncrementalEffect };
}

/** Incremental value of all contacts together, and of touchpoints that had an experiment of their own. */
export interface IncrementalValue {
  total: IncrementalEffect;
  byTouchpoint?: ReadonlyMap<string, IncrementalEffect>;
}

/**
 * C-10, B-5: several models side by side, and beside each what was really caused. Models divide what happened; only the
 * incremental number is a result.
 * @param credits of the same paths, by model: each takes long enough for a pause between two
 */
export function buildAttributionReport(
  paths: readonly TouchPath[],
  caused: IncrementalValue,
  credits: ReadonlyMap<AttributionModel, Credit[]>,
): AttributionReport {
  const rows = new Map<string | null, AttributionRow>();
  for (const [model, all] of credits) {
    for (const { touchpoint, milliConversions, value } of all) {
      const row = rows.get(touchpoint) ?? { touchpoint, credits: {}, incremental: causedBy(touchpoint) };
      row.credits[model] = { milliConversions, value };
      rows.set(touchpoint, row);
    }
  }
  return {
    models: [...credits.keys()],
    rows: [...rows.values()],
    total: {
      conversions: paths.reduce((sum, path) => sum + path.conversions, 0),
      value: paths.reduce((sum, path) => sum + path.value, 0),
      incremental: caused.total,
    },
  };

  function causedBy(touchpoint: string | null): IncrementalEffect {
    const known = touchpoint === null ? undefined : caused.byTouchpoint?.get(touchpoint);
    return known ?? { kind: 'no_control', treated: 0 };
  }
}
