import type { Incremental } from './incremental.ts';

/** What contacts cost, and what came of it. Minor units, all of one currency. */
export interface Efficiency {
  contacts: number;
  spend: number;
  /** Null without contacts. */
  costPerContact: number | null;
  value: Incremental;
  /** Incremental value per unit spent (D-18), with its interval; null without a control, or if nothing was spent. */
  valuePerSpend: { amount: number; low: number; high: number } | null;
  /**
   * Spend per incremental unit of value. Null unless the whole interval of the value lies above zero: a price for
   * something that may not have happened would be made up. `high` is the price at the value's lower end.
   */
  costPerUnit: { amount: number; low: number; high: number } | null;
}

/**
 * B-5, D-18: marketing money, measured against what it has caused, never against what was attributed to it.
 * @throws RangeError for a spend or contacts below zero, or not finite
 */
export function computeEfficiency(contacts: number, spend: number, value: Incremental): Efficiency {
  if (![contacts, spend].every((n) => Number.isFinite(n) && n >= 0)) {
    throw new RangeError(`${contacts} contacts for ${spend}: both are at least 0`);
  }
  const known = value.kind === 'incremental' || value.kind === 'underpowered' ? value : null;
  return {
    contacts,
    spend,
    costPerContact: contacts > 0 ? spend / contacts : null,
    value,
    valuePerSpend:
      known && spend > 0
        ? { amount: known.amount / spend, low: known.low / spend, high: known.high / spend }
        : null,
    costPerUnit:
      known && known.low > 0
        ? { amount: spend / known.amount, low: spend / known.high, high: spend / known.low }
        : null,
  };
}
