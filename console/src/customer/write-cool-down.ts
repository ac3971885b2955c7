const HOUR = 3_600_000;
const MINUTE = 60_000;

/** A cool-down as its policy states it: 48 hours rather than two days. Null where there is none. */
export function writeCoolDown(ms: number, locale: string): string | null {
  if (ms <= 0) return null;
  const [value, unit] = ms >= HOUR ? [ms / HOUR, 'hour'] : [ms / MINUTE, 'minute'];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: unit as string,
    unitDisplay: 'long',
    maximumFractionDigits: 1,
  }).format(value as number);
}
