import type { LocalRef } from '../../../db/queries/read-local-caller.ts';
import type { PlacementDef } from '../../domain/definition.ts';
import type { Instant } from '../../domain/time.ts';
import type { ComposeDeps } from '../compose-message.ts';
import type { DecideDeps } from '../decide-next-best-action.ts';
import type { Place } from './choose.ts';
import type { KnownContent, LocalContent } from './content.ts';

export interface LocalDeps extends DecideDeps, ComposeDeps {
  secret: string;
  content: KnownContent;
  /** Whether what was thrown means that the database is away: then the fallback is the answer. */
  isOutage(error: unknown): boolean;
  log: { warn(what: object, message: string): void };
}

export interface LocalRequest {
  workspace: string;
  /** Null: nobody knows who it is. */
  ref: LocalRef | null;
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
  began: number;
}

/** Why it is the fallback, or nothing at all. */
export type LocalWhy = 'deadline' | 'unavailable' | 'unknown_customer' | 'nothing_allowed' | 'do_nothing';

export interface LocalAction extends Place {
  rank: number;
  /** Undefined: not asked for, or not for this channel. Null: there is none that could be rendered. */
  content: LocalContent | null | undefined;
}

export interface LocalAnswer {
  /** Null: it isn't kept, and nothing can be told of what became of it. */
  decisionId: string | null;
  customerId: string | null;
  placement: PlacementDef;
  bundleVersion: number;
  actions: LocalAction[];
  why: LocalWhy | null;
  /** Wall clock. */
  at: Instant;
}

/** There is no such placement: a mistake of who asks, and none of their customer's. */
export class UnknownPlacement extends Error {
  readonly known: string[];
  constructor(known: string[]) {
    super('unknown placement');
    this.known = known;
  }
}

/** The placement is of another channel than was said. */
export class WrongChannel extends Error {
  readonly channel: string;
  constructor(channel: string) {
    super('wrong channel');
    this.channel = channel;
  }
}
