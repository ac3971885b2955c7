import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DAY } from '../../../src/domain/time/time.ts';
import { summarizeBuying } from '../../../src/learning/scores/clv/buying-summary.ts';
import type { BuyingSummary, CustomerHistory } from '../../../src/learning/scores/types.ts';
import { ROOT } from '../../support/paths.ts';

/** Noon of 1997-09-30, the end of the calibration period, and of 1998-06-30, the end of the holdout period. */
export const CALIBRATED = Date.UTC(1997, 8, 30, 12);
export const ENDED = Date.UTC(1998, 5, 30, 12);

let customers: CustomerHistory[] | undefined;

/** The customers of the CDNOW sample in the order of the file. Amounts in cents. */
export function cdnow(): CustomerHistory[] {
  customers ??= read();
  return customers;
}

export function summaries(until = CALIBRATED): BuyingSummary[] {
  return cdnow().map((customer) => summarizeBuying(customer, until) as BuyingSummary);
}

/** Days with a purchase, and cents spent, of each customer after the calibration period. */
export function holdout(): { days: number; amount: number }[] {
  return cdnow().map(({ purchases }) => {
    const later = purchases.filter(({ at }) => at > CALIBRATED);
    const days = new Set(later.map(({ at }) => Math.floor(at / DAY))).size;
    return { days, amount: later.reduce((sum, { amount }) => sum + amount, 0) };
  });
}

function read(): CustomerHistory[] {
  const text = readFileSync(path.join(ROOT, 'examples/cdnow/cdnow-sample.txt'), 'utf8');
  const byCustomer = new Map<string, CustomerHistory>();
  for (const line of text.trim().split('\n')) {
    const [, id, date, , dollars] = line.trim().split(/\s+/) as [string, string, string, string, string];
    const at = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)), 12);
    const customer = byCustomer.get(id) ?? bought([]);
    customer.purchases.push({ at, amount: Math.round(Number(dollars) * 100), categories: [] });
    byCustomer.set(id, customer);
  }
  return [...byCustomer.values()];
}

export function bought(purchases: CustomerHistory['purchases']): CustomerHistory {
  return { purchases, earlier: null, touches: [] };
}
