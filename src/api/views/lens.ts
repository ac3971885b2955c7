import type { ZoneTable } from '../../activities/zone-table.ts';
import type { FittedScores } from '../../decisioning/scores/types.ts';
import type { Evaluate } from '../../domain/context.ts';
import type { Bundle } from '../../domain/definition.ts';
import { type Profile, trait } from '../../domain/profile.ts';
import type { Instant } from '../../domain/time.ts';
import type { Zone } from '../../domain/zone.ts';

/** What a view is made with, beside the snapshot. */
export interface Lens {
  /** The active bundle. */
  active: Bundle | null;
  /** The one that the last decision used. */
  decided: Bundle | null;
  /** Older ones that enrollments end under. */
  pinned: ReadonlyMap<number, Bundle>;
  /** The newest fit of the scores. */
  fitted: FittedScores | null;
  /** What serving the customer has cost so far, minor units. */
  serviceCost: number;
  zones: ZoneTable;
  evaluate: Evaluate;
}

/** The customer's zone; the workspace's where theirs is unknown. */
export function zoneOf(profile: Profile, bundle: Bundle | null, zones: ZoneTable, around: Instant): Zone {
  const fallback = bundle?.workspace.timezone ?? 'UTC';
  const said = trait(profile, 'timezone');
  return zones(typeof said === 'string' ? said : fallback, fallback, around);
}
