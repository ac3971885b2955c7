import type { ZoneLookup } from '../../app/time-zones.ts';
import { type Profile, readCustomerZone } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Evaluator } from '../../domain/facts.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Zone } from '../../domain/time/zone.ts';
import type { FittedScores } from '../../learning/scores/types.ts';

/** What views need besides the snapshot. */
export interface ViewContext {
  /** The active bundle. */
  active: Bundle | null;
  /** The bundle of the last decision. */
  decided: Bundle | null;
  /** Older bundles that enrollments are pinned to. */
  pinned: ReadonlyMap<number, Bundle>;
  /** The newest fit of the scores. */
  fitted: FittedScores | null;
  /** When the events happened that conditions of these bundles count. */
  eventHistory: Record<string, Instant[]>;
  /** Cost of serving the customer so far, minor units. */
  serviceCost: number;
  zones: ZoneLookup;
  evaluate: Evaluator;
}

/** The time zone of the customer; of the workspace if that is unknown. */
export function resolveZone(
  profile: Profile,
  bundle: Bundle | null,
  zones: ZoneLookup,
  around: Instant,
): Zone {
  const fallback = bundle?.workspace.timezone ?? 'UTC';
  return zones(readCustomerZone(profile), fallback, around);
}
