import type { Cell, CsvRow } from './csv.ts';

/** The columns of a comparison of treated customers with controls. */
export const HEADLINE_COLUMNS = [
  'result',
  'treated_customers',
  'treated_mean',
  'control_customers',
  'control_mean',
  'difference',
  'low',
  'high',
  'detectable',
  'lift',
  'p',
] as const;

type Amount = number | { amount: string };
interface Side {
  customers: number;
  mean: Amount;
}

/** A comparison as the API writes it. */
interface HeadlineView {
  kind: string;
  treated?: number | Side;
  control?: number | Side;
  difference?: Amount;
  low?: Amount;
  high?: Amount;
  detectable?: Amount;
  lift?: number | null;
  p?: number;
}

/** A comparison as cells. What it has no number for is empty. */
export function toHeadlineCells(headline: object): CsvRow {
  const view = headline as HeadlineView;
  return {
    result: view.kind,
    treated_customers: customersOf(view.treated),
    treated_mean: meanOf(view.treated),
    control_customers: customersOf(view.control),
    control_mean: meanOf(view.control),
    difference: toCell(view.difference),
    low: toCell(view.low),
    high: toCell(view.high),
    detectable: toCell(view.detectable),
    lift: view.lift ?? null,
    p: view.p ?? null,
  };
}

/** A number, or an amount of money without its currency. */
export function toCell(amount: Amount | null | undefined): Cell {
  if (amount === null || amount === undefined) return null;
  return typeof amount === 'number' ? amount : Number(amount.amount);
}

function customersOf(side: number | Side | undefined): Cell {
  return typeof side === 'object' ? side.customers : (side ?? null);
}

function meanOf(side: number | Side | undefined): Cell {
  return typeof side === 'object' ? toCell(side.mean) : null;
}
