import type { Profile } from '../domain/profile.ts';

/**
 * Scores that conditions can name, each in [0, 1].
 *
 * `value`: lifetime spend s in the workspace's currency, as s / (s + half): 0 for a new customer, 0.5 at `half`, 0.8 at
 * four times that. A stand-in with no model behind it, until values are fitted from the history.
 */
export function scoresOf(profile: Profile, currency: string, valueHalf: number): Record<string, number> {
  const spend = Math.max(0, profile.spend[currency] ?? 0);
  return { value: spend / (spend + valueHalf) };
}
