import { useCallback } from 'react';
import { useFormat } from '../../format/use-format.ts';

/** An amount as the API writes it. */
interface Amount {
  amount: string;
  currency: string;
}

/** Decimals of expected values: a tip is worth parts of a cent. */
const DIGITS = 4;

/** Writes amounts that are smaller than the smallest coin, such as scores. */
export function useAmount(): (amount: Amount) => string {
  const { locale } = useFormat();
  return useCallback(
    ({ amount, currency }) =>
      new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: DIGITS }).format(
        Number(amount),
      ),
    [locale],
  );
}
