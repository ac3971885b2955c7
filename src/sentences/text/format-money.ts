import { cleanText } from './clean-text.ts';

/** What a double holds exactly, and senders write as an amount. */
const AMOUNT = /^-?\d{1,12}(\.\d{1,6})?$/;

/** An amount as a sender wrote it, in the way of the reader: `€412.00`. What is no amount stays as it is. */
export function formatMoney(amount: string, currency: string, locale: string): string {
  const code = currency.toUpperCase();
  if (!AMOUNT.test(amount) || !/^[A-Z]{3}$/.test(code)) return cleanText(`${amount} ${currency}`);
  return new Intl.NumberFormat(locale, { style: 'currency', currency: code }).format(Number(amount));
}
