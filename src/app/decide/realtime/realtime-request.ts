import type { RealtimeReference } from '../../../../db/decisions/realtime-caller.ts';
import type { PlacementDef } from '../../../domain/definition.ts';
import type { Instant } from '../../../domain/time/time.ts';
import type { ListItem } from '../../../engine/realtime/choose-list.ts';
import type { ComposeDeps } from '../../deliver/compose-message.ts';
import type { DecisionServices } from '../services.ts';
import type { RealtimeContent, TrackedContentCache } from './render-content.ts';

export interface RealtimeDeps extends DecisionServices, ComposeDeps {
  secret: string;
  content: TrackedContentCache;
  /** Whether what was thrown means that the database is away: then the fallback is the answer. */
  isOutage(error: unknown): boolean;
  log: { warn(what: object, message: string): void };
}

export interface RealtimeRequest {
  workspace: string;
  /** Null: nobody knows who it is. */
  ref: RealtimeReference | null;
  placement: string;
  /** If it is given, it must be the placement's. */
  channel: string | null;
  /** How many actions at most; null: as many as the placement shows. */
  limit: number | null;
  dryRun: boolean;
  content: boolean;
  /** Id that the decision gets if it is kept. */
  id: string;
  /** `performance.now()` of when it was asked: the deadline counts from there. */
  startedAt: number;
}

/** Why it is the fallback, or nothing at all. */
export type FallbackReason =
  | 'deadline'
  | 'unavailable'
  | 'unknown_customer'
  | 'nothing_allowed'
  | 'do_nothing';

export interface RealtimeAction extends ListItem {
  rank: number;
  /** Undefined: not asked for, or not for this channel. Null: there is none that could be rendered. */
  content: RealtimeContent | null | undefined;
}

export interface RealtimeAnswer {
  /** Null: it isn't kept, and nothing can be told of what became of it. */
  decisionId: string | null;
  customerId: string | null;
  placement: PlacementDef;
  bundleVersion: number;
  actions: RealtimeAction[];
  why: FallbackReason | null;
  /** Wall clock. */
  at: Instant;
}

/** There is no such placement: a mistake of who asks, and none of their customer's. */
export class UnknownPlacementError extends Error {
  readonly placements: string[];
  constructor(known: string[]) {
    super('unknown placement');
    this.placements = known;
  }
}

/** The placement is of another channel than was said. */
export class WrongChannelError extends Error {
  readonly channel: string;
  constructor(channel: string) {
    super('wrong channel');
    this.channel = channel;
  }
}
