import type { Room } from '../customer/room.ts';
import type { Millis } from '../time/time.ts';
import type { ActionDef } from './action.ts';
import type { AttributeDef } from './attribute.ts';
import type { CatalogueDef } from './catalogue.ts';
import type { CmsEntryDef } from './cms.ts';
import type { EventTypes } from './event-types.ts';
import type { JourneyDef } from './journey.ts';
import type { Autonomy, Cel } from './shared.ts';
import type { SourceDef } from './source.ts';
import type { CapDef, WorkspaceDef } from './workspace.ts';

/** Version of the compiled form. Bundles stored in an older form are compiled again from their files. */
export const BUNDLE_FORMAT = 5;

/** The definitions of a workspace, compiled. */
export interface Bundle {
  format: number;
  version: number;
  workspace: WorkspaceDef;
  journeys: JourneyDef[];
  actions: ActionDef[];
  segments: SegmentDef[];
  placements: PlacementDef[];
  /** Declarations of attributes of customers and accounts, by name. Attributes without one are unrestricted. */
  attributes: Record<string, AttributeDef>;
  /** Types of events' properties, from events.yaml. Missing in bundles without declarations. */
  events?: EventTypes;
  /** The page of products. Missing in bundles without catalogue.yaml. */
  catalogue?: CatalogueDef;
  /** Content that is edited in a CMS. Missing in bundles without cms.yaml. */
  cms?: CmsEntryDef[];
  /** Sources of webhooks. Missing in bundles without sources.yaml. */
  sources?: SourceDef[];
  group: GroupDef | null;
  interest: Interest;
  /** What the definitions read of a customer's profile. Missing: only what the product itself reads. */
  room?: Room;
}

/**
 * Workspaces of one company. They share caps and suppression per person, whom a keyed hash of the address identifies.
 */
export interface GroupDef {
  id: string;
  workspaces: string[];
  caps: CapDef[];
  /** Whether an open ticket in one workspace suppresses marketing to the same person in the others. */
  shareSuppression: boolean;
}

/** A condition over profile, scores and history. Customers are inside the segment while it holds. */
export interface SegmentDef {
  id: string;
  when: Cel;
}

export interface PlacementDef {
  id: string;
  channel: string;
  actions: string[];
  limit: number;
  ttl: Millis;
  deadline: Millis;
  fallback: string;
  /** Null: as in the workspace. */
  autonomy: Autonomy | null;
}

/** What the definitions refer to. Other events update the profile but wake no journey. */
export interface Interest {
  events: string[];
  traits: string[];
  /** Events that are copied to the other members of the account. */
  accountEvents: string[];
  /** Events that conditions count within a time, with the longest such time in days. */
  windows: Record<string, number>;
}
