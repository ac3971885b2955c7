import type { Facts } from '../facts.ts';
import { type Consent, resolveConsent } from './consent.ts';

/** The purpose under which customers refuse it. */
export const PROFILING = 'profiling';

/** Profiling needs no grant: it is forbidden by a withdrawal, or by the lowest level of personalisation. */
export function mayProfile({
  consents,
  profile,
  personalisation,
}: Facts<'profile' | 'permissions'>): boolean {
  const level = profile.personalisation?.level ?? personalisation;
  return level > 0 && !refusesProfiling(consents);
}

export function refusesProfiling(consents: Consent[]): boolean {
  return resolveConsent(consents, PROFILING, '*', '*')?.status === 'withdrawn';
}
