import type { EventTypes } from './cel-properties.ts';
import type { Channels } from './channels.ts';
import type { Segments } from './segments.ts';

/**
 * The names that definitions can refer to. Where the file that says them has problems of its own, null stands for "any":
 * one mistake shouldn't be reported as twenty.
 */
export interface Lexicon {
  segments: Segments;
  events: EventTypes;
  channels: Channels | null;
  /** Topics that the workspace lists; where it lists none, any will do. */
  topics: readonly string[] | null;
  group: boolean;
}
