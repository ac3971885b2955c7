import type { RealtimeReference } from '../../../../db/decisions/realtime-caller.ts';
import type { PlacementDef } from '../../../domain/definition.ts';
import type { Instant } from '../../../domain/time/time.ts';
import type { ListItem } from '../../../engine/realtime/choose-list.ts';
import type { ComposeDeps } from '../../deliver/compose-message.ts';
import type { InSameTransaction } from '../../in-same-transaction.ts';
import type { DecisionServices } from '../services.ts';
import type { RealtimeContent, TrackedContentCache } from './render-content.ts';

export interface RealtimeServices extends DecisionServices, ComposeDeps {
  secret: string;
  content: TrackedContentCache;
  /** Whether an error means that the database is away: then the answer is the fallback. */
  isOutage(error: unknown): boolean;
  log: { warn(details: object, message: string): void };
}

export interface RealtimeRequest {
  workspace: string;
  /** Null: the request names no customer. */
  reference: RealtimeReference | null;
  placement: string;
  /** If given, it must be the placement's channel. */
  channel: string | null;
  /** Actions at most; null: as many as the placement shows. */
  limit: number | null;
  dryRun: boolean;
  content: boolean;
  /** The id of the decision, if it is stored. */
  id: string;
  /** `performance.now()` at the start of the request: the deadline counts from there. */
  startedAt: number;
  /** For a request that may be repeated: committed together with the decision, if it is stored. */
  inSameTransaction?: InSameTransaction<RealtimeAnswer> | undefined;
}

/** Why the answer is the fallback, or empty. */
export type FallbackReason =
  | 'deadline'
  /** Its conditions take more steps than a real-time decision may. */
  | 'limit_exceeded'
  | 'unavailable'
  | 'unknown_customer'
  | 'nothing_allowed'
  | 'do_nothing';

export interface RealtimeAction extends ListItem {
  rank: number;
  /** Undefined: not requested, or not rendered for this channel. Null: it could not be rendered. */
  content: RealtimeContent | null | undefined;
}

export interface RealtimeAnswer {
  /** Null: the decision is not stored, so no outcome can be recorded for it. */
  decisionId: string | null;
  customerId: string | null;
  placement: PlacementDef;
  bundleVersion: number;
  actions: RealtimeAction[];
  fallbackReason: FallbackReason | null;
  /** Wall clock. */
  at: Instant;
}

/** How far a request is. */
export interface RealtimeProgress {
  /** The deadline has passed, and the caller has got the fallback. */
  isLate: boolean;
  /** The decision is being committed under the key of the request: whatever happens, this is its answer. */
  isCommitting: boolean;
}

/** The active bundle has no such placement. */
export class UnknownPlacementError extends Error {
  readonly placements: string[];
  constructor(placements: string[]) {
    super('unknown placement');
    this.placements = placements;
  }
}

/** The request names another channel than the placement's. */
export class WrongChannelError extends Error {
  readonly channel: string;
  constructor(channel: string) {
    super('wrong channel');
    this.channel = channel;
  }
}
