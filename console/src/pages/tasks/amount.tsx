import { useFormat } from '../../format/use-format.ts';

/** A decimal amount, as the API writes money. */
export function Amount({ amount, currency }: { amount: string; currency: string }) {
  return <span>{useFormat().amount(amount, currency)}</span>;
}
