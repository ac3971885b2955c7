import type { Cel } from './shared.ts';

/** A source of webhooks, from sources.yaml. Its secrets are configuration, never part of a bundle. */
export interface SourceDef {
  /** Also the source of its events, and the last part of its URL. */
  id: string;
  /** A kind of `src/sources/webhooks/kinds.ts`. */
  kind: string;
  customer: SourceCustomer;
  /** What only its kind reads, checked by the kind. */
  settings: Readonly<Record<string, unknown>>;
}

/** Whom an event is about, as CEL over the payload. A field that is missing here is what the kind itself reads. */
interface SourceCustomer {
  userId?: Cel;
  anonymousId?: Cel;
  email?: Cel;
  phone?: Cel;
  /** Ids in other systems, by type. */
  externalIds?: Readonly<Record<string, Cel>>;
}

/** What the expressions of sources.yaml can read. */
interface PayloadScope {
  payload: unknown;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
}

/** Evaluates an expression of sources.yaml. Never throws; the steps of each evaluation are limited. */
export type PayloadEvaluator = (
  expression: Cel,
  scope: PayloadScope,
) => { ok: true; value: unknown } | { ok: false; error: string };
