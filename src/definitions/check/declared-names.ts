import type { ChannelDef } from '../../domain/definition.ts';
import type { EventTypes } from '../cel/check-properties.ts';
import type { SegmentConditions } from '../cel/inline-segments.ts';

/** Channels by id. */
export type Channels = ReadonlyMap<string, ChannelDef>;

/**
 * The names that definitions can refer to. Where the file that says them has problems of its own, null stands for "any":
 * one mistake shouldn't be reported as twenty.
 */
export interface DeclaredNames {
  segments: SegmentConditions;
  events: EventTypes;
  channels: Channels | null;
  /** Topics that the workspace lists; where it lists none, any will do. */
  topics: readonly string[] | null;
  hasGroup: boolean;
}
