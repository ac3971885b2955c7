import { type Finding, fail, ok, warn } from './finding.ts';

const NOTICEABLE_MS = 500;
const HARMFUL_MS = 5_000;

/** Judges the difference between the clocks of two machines. */
export function judgeClock({ skewMs, uncertaintyMs }: { skewMs: number; uncertaintyMs: number }): Finding {
  const check = 'clock';
  const certain = Math.max(0, Math.abs(skewMs) - uncertaintyMs);
  const remedy = 'synchronise the clocks of both machines (chrony or NTP)';
  const size = `${(Math.abs(skewMs) / 1_000).toFixed(1)} s`;
  const message = `the clock of Postgres is ${size} ${skewMs > 0 ? 'ahead of' : 'behind'} the clock of this machine`;
  if (certain <= NOTICEABLE_MS)
    return ok(check, `the clocks of Postgres and this machine agree to ${Math.ceil(Math.abs(skewMs))} ms`);
  return certain <= HARMFUL_MS ? warn(check, message, remedy) : fail(check, message, remedy);
}
