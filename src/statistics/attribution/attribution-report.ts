import type { AttributionModel, Credit } from './attribute.ts';
import type { IncrementalEffect } from './incremental-effect.ts';

/** The credit of a touchpoint under each model, and its effect as measured with a holdout. */
interface AttributionRow {
  /** Null: conversions without a touch. */
  touchpoint: string | null;
  credits: Partial<Record<AttributionModel, { milliConversions: number; value: number }>>;
  /** Incremental value; `no_control` if no experiment withheld this touchpoint alone. */
  incremental: IncrementalEffect;
}

export interface AttributionReport {
  models: AttributionModel[];
  /** One row per touchpoint; the credits of each model sum to the totals exactly. */
  rows: AttributionRow[];
  total: { conversions: number; value: number; incremental: IncrementalEffect };
}

/** Incremental value of all contacts together, and of touchpoints that had their own experiment. */
export interface IncrementalValue {
  total: IncrementalEffect;
  byTouchpoint?: ReadonlyMap<string, IncrementalEffect>;
}

/**
 * Builds the report of several attribution models, each next to the incremental value (C-10, B-5). Models only divide the
 * conversions; only the incremental value is an effect.
 * @param sums all conversions, and their value
 * @param credits of the same paths, by model; the caller computes them, so that it can pause between two models
 */
export function buildAttributionReport(
  sums: { conversions: number; value: number },
  incremental: IncrementalValue,
  credits: ReadonlyMap<AttributionModel, Credit[]>,
): AttributionReport {
  const rows = new Map<string | null, AttributionRow>();
  for (const [model, all] of credits) {
    for (const { touchpoint, milliConversions, value } of all) {
      const row = rows.get(touchpoint) ?? {
        touchpoint,
        credits: {},
        incremental: findIncremental(touchpoint),
      };
      row.credits[model] = { milliConversions, value };
      rows.set(touchpoint, row);
    }
  }
  return {
    models: [...credits.keys()],
    rows: [...rows.values()],
    total: { ...sums, incremental: incremental.total },
  };

  function findIncremental(touchpoint: string | null): IncrementalEffect {
    const measured = touchpoint === null ? undefined : incremental.byTouchpoint?.get(touchpoint);
    return measured ?? { kind: 'no_control', treated: 0 };
  }
}
