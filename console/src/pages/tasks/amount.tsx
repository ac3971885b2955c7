import { useFormat } from '../../format/use-format.ts';

/** A decimal amount, as the API writes money. */
export function Amount({ amount, currency }: { amount: string; currency: string }) {
  const { locale } = useFormat();
  return <span>{formatAmount(locale, amount, currency)}</span>;
}

/** A currency that the browser does not know is written as the sender wrote it. */
function formatAmount(locale: string, amount: string, currency: string): string {
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(Number(amount));
  } catch {
    return `${amount} ${currency}`;
  }
}
