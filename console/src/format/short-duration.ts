const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** "2.5 days": a duration in its largest unit, for places with little room. */
export function formatShortDuration(locale: string, ms: number): string {
  const [unit, size] = UNITS.find(([, size]) => ms >= size) ?? ['second', 1_000];
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, options).format(ms / size);
}
