import type { ChannelDef } from '../../domain/definition.ts';
import type { EventTypes } from '../cel/check-properties.ts';
import type { SegmentConditions } from '../cel/inline-segments.ts';

/** Channels by id. */
export type Channels = ReadonlyMap<string, ChannelDef>;

/**
 * The names that definitions can refer to. Null where the file that declares them has errors: any name is accepted then,
 * so that one mistake isn't reported as twenty.
 */
export interface DeclaredNames {
  segments: SegmentConditions;
  events: EventTypes;
  channels: Channels | null;
  /** Topics that workspace.yaml lists. If it lists none, any topic is accepted. */
  topics: readonly string[] | null;
  hasGroup: boolean;
}
