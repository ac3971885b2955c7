import { UserError } from '../../user-error.ts';

/** One purchase of a file in the layout of the CDNOW sample. */
export interface Purchase {
  /** Counted from 1, as an editor counts. */
  line: number;
  customer: string;
  /** `yyyy-mm-dd`. */
  date: string;
  units: number;
  cents: number;
}

const LINE =
  /^\s*(\d{1,12})\s+(\d{1,12})\s+(\d{4})(\d{2})(\d{2})\s+(\d{1,9})\s+(\d{1,9})(?:\.(\d{1,2}))?\s*$/;

/**
 * Reads purchases, one a line: customer id, id within the sample, yyyymmdd, units, dollars. Empty lines are passed
 * over. @throws UserError naming the first line that isn't one.
 */
export function parsePurchases(text: string): Purchase[] {
  const purchases: Purchase[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.trim() === '') continue;
    const purchase = parseLine(raw, index + 1);
    if (!purchase) {
      throw new UserError(
        `line ${index + 1} is no purchase: "${raw.trim().slice(0, 80)}"; expected customer id, sample id, yyyymmdd, units, dollars`,
      );
    }
    purchases.push(purchase);
  }
  return purchases;
}

function parseLine(raw: string, line: number): Purchase | null {
  const match = LINE.exec(raw);
  if (!match) return null;
  const [, customer = '', , year, month, day, units, dollars, cents = ''] = match;
  const date = `${year}-${month}-${day}`;
  if (!isDate(date)) return null;
  // As integers from the text: a float of dollars times 100 isn't always whole.
  return {
    line,
    customer,
    date,
    units: Number(units),
    cents: Number(dollars) * 100 + Number(cents.padEnd(2, '0')),
  };
}

/** JavaScript takes 31 June for 1 July. */
function isDate(date: string): boolean {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(date);
}

/** Cents per customer. */
export function sumCentsByCustomer(purchases: Purchase[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { customer, cents } of purchases) sums.set(customer, (sums.get(customer) ?? 0) + cents);
  return sums;
}
