import { DAY, HOUR, MINUTE, type Millis, SECOND } from '../../domain/time/time.ts';

/** Up to this length, hours are written: `48 h`, `3 days`. */
const LONGEST_IN_HOURS = 2 * DAY;

/** Units with a symbol that all languages share. */
const SYMBOLS: [Millis, string][] = [
  [HOUR, 'h'],
  [MINUTE, 'min'],
];

/** A length of time in one unit, rounded to a tenth: `48 h`, `90 min`, `3 days`. */
export function formatDuration(millis: Millis, locale: string): string {
  const number = (value: number, options: Intl.NumberFormatOptions = {}) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: 1, ...options }).format(value);
  if (millis > LONGEST_IN_HOURS)
    return number(millis / DAY, { style: 'unit', unit: 'day', unitDisplay: 'long' });
  const [length, symbol] = SYMBOLS.find(
    ([unit]) => millis >= unit && (millis % unit === 0 || millis >= 10 * unit),
  ) ?? [SECOND, 's'];
  return `${number(millis / length)} ${symbol}`;
}
