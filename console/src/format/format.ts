import { decimalsOf, toDecimal } from '../../../src/domain/values/money.ts';
import type { Language } from '../i18n/languages.ts';
import { formatDuration } from './duration.ts';
import { formatRelative } from './relative.ts';

/** The regions whose habits the languages follow: English dates here have the day before the month. */
const LOCALES: Record<Language, string> = { en: 'en-GB', id: 'id-ID' };

export type Format = ReturnType<typeof createFormat>;

/** The functions that write values in a language. Instants are what the API sends; zones are IANA names. */
export function createFormat(language: Language) {
  const locale = LOCALES[language];
  const dates = (options: Intl.DateTimeFormatOptions) => (at: string, zone: string) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: readZone(zone) }).format(new Date(at));
  return {
    locale,
    /** 1,234.5 */
    number: (value: number, digits = 1) =>
      new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value),
    /** 1.2K, for a chart or a badge. */
    compact: (value: number) =>
      new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value),
    /** 0.123 as 12.3%. */
    percent: (share: number, digits = 1) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(share),
    /** An amount in minor units. */
    money: (minor: number, currency: string) => formatMoney(locale, minor, currency),
    /** An amount of a currency as the API writes it, `{ amount: '412.00', currency: 'EUR' }`, or as a number. */
    amount: (amount: string | number, currency: string) => formatAmount(locale, amount, currency),
    date: dates({ day: 'numeric', month: 'short', year: 'numeric' }),
    dateTime: dates({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    /** A day of a report, `2026-11-29`, without its year. The days of reports are in UTC. */
    day: (day: string) => dates({ day: 'numeric', month: 'short' })(day, 'UTC'),
    /** A month of a report, `2026-11`. */
    month: (month: string) => dates({ month: 'short', year: 'numeric' })(`${month}-01`, 'UTC'),
    time: dates({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    /** With weekday, year and seconds. */
    exact: dates({
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    }),
    /** "in 3 hours", "2 days ago". */
    relative: (at: string, now = Date.now()) => formatRelative(locale, Date.parse(at) - now),
    /** The name of a language; a tag that is none stays as it is. */
    language: (tag: string) => nameLanguage(locale, tag),
    /** Milliseconds as "2 days, 3 hours". */
    duration: (ms: number) => formatDuration(locale, ms),
  };
}

/** Senders may state any tag. */
function nameLanguage(locale: string, tag: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag;
  } catch {
    // Not a language tag of BCP 47.
    return tag;
  }
}

/** A currency that the browser does not know is written as the sender wrote it. */
function formatAmount(locale: string, amount: string | number, currency: string): string {
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(Number(amount));
  } catch {
    return `${amount} ${currency}`;
  }
}

function formatMoney(locale: string, minor: number, currency: string): string {
  const digits = decimalsOf(currency);
  const options = {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const;
  return new Intl.NumberFormat(locale, options).format(toDecimal(minor, currency));
}

/** A zone that this browser does not know is shown as UTC. */
function readZone(zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    return 'UTC';
  }
}
