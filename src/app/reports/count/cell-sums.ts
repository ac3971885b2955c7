import type { StoredCells } from '../../../../db/schema/json.ts';

/** A whole number. Those that may exceed 2⁵³ in sum are `bigint`. */
export type Sum = number | bigint;
/** The parts of a key, in a fixed order for each report. */
export type CellKey = (string | number | boolean | null | CellKey)[];

/** Sums by report, period and key. All are whole, so that adding and taking back again leaves exactly nothing. */
export class CellSums {
  readonly #cells = new Map<string, Sum[]>();

  add(report: string, period: string, key: CellKey, ...sums: Sum[]): void {
    this.#addTo(`${report}\t${period}\t${JSON.stringify(key)}`, sums);
  }

  /** Adds sums under the name of their cell. */
  addNamed(name: string, sums: readonly Sum[]): void {
    this.#addTo(name, [...sums]);
  }

  /** Adds other sums, or takes them away. */
  addStored(stored: StoredCells, sign: 1 | -1 = 1): void {
    for (const [name, sums] of Object.entries(stored))
      this.#addTo(
        name,
        sums.map((sum) => (typeof sum === 'string' ? BigInt(sum) * BigInt(sign) : sum * sign)),
      );
  }

  /** The sums that are not zero. */
  toStored(): StoredCells {
    return Object.fromEntries(
      [...this.#cells]
        .filter(([, sums]) => sums.some((sum) => sum !== 0 && sum !== 0n))
        .map(([name, sums]) => [name, sums.map((sum) => (typeof sum === 'bigint' ? String(sum) : sum))]),
    );
  }

  /** The sums by name: that of `splitCellName`. */
  entries(): Iterable<[name: string, sums: readonly Sum[]]> {
    return this.#cells;
  }

  /** Adds under a name; `sums` is kept. */
  #addTo(name: string, sums: Sum[]): void {
    const known = this.#cells.get(name);
    if (!known) {
      this.#cells.set(name, sums);
      return;
    }
    // The shorter one ends with zeros.
    for (let i = 0; i < Math.max(known.length, sums.length); i++)
      known[i] = plus(known[i] ?? 0, sums[i] ?? 0);
  }
}

function plus(a: Sum, b: Sum): Sum {
  return typeof a === 'number' && typeof b === 'number' ? a + b : BigInt(a) + BigInt(b);
}

/** The report, the period and the key that a stored cell is named by. */
export function splitCellName(name: string): { report: string; period: string; key: CellKey } {
  const [report = '', period = '', key = '[]'] = name.split('\t', 3);
  return { report, period, key: JSON.parse(key) };
}
