import { parseInstant } from '../../domain/time/read-time.ts';
import { UserError } from '../../user-error.ts';

/** One purchase of a file in the layout of the CDNOW sample. */
export interface Purchase {
  /** The line number in the file, from 1. */
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
 * Parses purchases, one per line: customer id, id within the sample, yyyymmdd, units, dollars. Empty lines are skipped.
 *
 * @throws UserError that names the first line that is not a purchase
 */
export function parsePurchases(text: string): Purchase[] {
  const purchases: Purchase[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.trim() === '') continue;
    const purchase = parseLine(raw, index + 1);
    if (!purchase) {
      throw new UserError(
        `line ${index + 1} is not a purchase: "${raw.trim().slice(0, 80)}"; expected customer id, sample id, yyyymmdd, units, dollars`,
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
  // From the digits, because a float of dollars times 100 is not always an integer.
  return {
    line,
    customer,
    date,
    units: Number(units),
    cents: Number(dollars) * 100 + Number(cents.padEnd(2, '0')),
  };
}

/** Whether the date exists. JavaScript reads 31 June as 1 July. */
function isDate(date: string): boolean {
  return Number.isFinite(parseInstant(date));
}

/** The sum of each customer's purchases, in cents. */
export function sumCentsByCustomer(purchases: Purchase[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { customer, cents } of purchases) sums.set(customer, (sums.get(customer) ?? 0) + cents);
  return sums;
}
