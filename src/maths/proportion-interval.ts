import { normalQuantile } from './normal.ts';

/** Wilson's score interval (1927) of a share, which stays inside 0…1 and also covers for rare events. */
export function proportionInterval(
  events: number,
  cases: number,
  level: number,
): { low: number; high: number } {
  const z = normalQuantile(1 - (1 - level) / 2);
  const mean = events / cases;
  const weight = 1 + (z * z) / cases;
  const centre = (mean + (z * z) / (2 * cases)) / weight;
  const width = (z * Math.sqrt((mean * (1 - mean)) / cases + (z * z) / (4 * cases * cases))) / weight;
  return { low: Math.max(0, centre - width), high: Math.min(1, centre + width) };
}
