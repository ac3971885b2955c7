const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** "2 days 3 hours": the two largest units of a duration in milliseconds. */
export function formatDuration(locale: string, ms: number): string {
  const write = (value: number, unit: string) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit,
      unitDisplay: 'long',
      maximumFractionDigits: 0,
    }).format(value);
  const first = UNITS.findIndex(([, size]) => ms >= size);
  if (first < 0) return write(Math.max(0, ms / 1_000), 'second');
  const parts = UNITS.slice(first, first + 2).map(([unit, size], index) => {
    const above = index === 0 ? Number.POSITIVE_INFINITY : (UNITS[first]?.[1] ?? size);
    return [Math.floor((ms % above) / size), unit] as const;
  });
  return parts
    .filter(([value]) => value > 0)
    .map(([value, unit]) => write(value, unit))
    .join(' ');
}
