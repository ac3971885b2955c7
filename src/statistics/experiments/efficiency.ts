import type { Incremental } from './incremental.ts';

/** The cost of contacts and the value that they caused. Minor units, all of one currency. */
export interface Efficiency {
  contacts: number;
  spend: number;
  /** Null without contacts. */
  costPerContact: number | null;
  value: Incremental;
  /** Incremental value per unit spent (D-18), with its interval; null without a control, or if nothing was spent. */
  valuePerSpend: { amount: number; low: number; high: number } | null;
  /**
   * Spend per incremental unit of value. Null unless the whole interval of the value is above zero: otherwise there may be
   * no incremental value to put a price on. `high` is the price at the lower end of the value.
   */
  costPerUnit: { amount: number; low: number; high: number } | null;
}

/**
 * Compares the spend with the incremental value that it caused (B-5, D-18), never with attributed value.
 * @throws RangeError for a spend or a number of contacts that is below zero, or not finite
 */
export function computeEfficiency(contacts: number, spend: number, value: Incremental): Efficiency {
  if (![contacts, spend].every((n) => Number.isFinite(n) && n >= 0)) {
    throw new RangeError(`${contacts} contacts for ${spend}: both must be finite and at least 0`);
  }
  const measured = value.kind === 'incremental' || value.kind === 'underpowered' ? value : null;
  return {
    contacts,
    spend,
    costPerContact: contacts > 0 ? spend / contacts : null,
    value,
    valuePerSpend:
      measured && spend > 0
        ? { amount: measured.amount / spend, low: measured.low / spend, high: measured.high / spend }
        : null,
    costPerUnit:
      measured && measured.low > 0
        ? { amount: spend / measured.amount, low: spend / measured.high, high: spend / measured.low }
        : null,
  };
}
