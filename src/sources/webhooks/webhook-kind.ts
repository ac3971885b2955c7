import type { SourceDef } from '../../domain/definition.ts';
import type { PayloadEvaluator } from '../../domain/payload-evaluator.ts';
import type { Receipt } from '../../domain/receipt.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { SourceSetup } from '../../domain/vendor-setup.ts';

/** One request as the vendor sent it. */
export interface WebhookRequest {
  /** The public URL that the vendor was given, with its query: Twilio signs it. */
  url: string;
  /** Names in lower case, as Node gives them. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The raw bytes, unpacked. */
  body: Buffer;
  receivedAt: Instant;
}

export type Verification =
  | { kind: 'genuine' }
  /** An unsigned test of the URL, which vendors want answered with 200. It is never read and changes nothing. */
  | { kind: 'ping' }
  | { kind: 'refused'; code: 'webhook_signature' | 'webhook_expired'; reason: string };

export const GENUINE: Verification = { kind: 'genuine' };

/** A request that is forged, or signed with another secret. */
export function refuse(reason: string): Verification {
  return { kind: 'refused', code: 'webhook_signature', reason };
}

/** The same, of a signature in a header. */
export function refuseSignature(header: string): Verification {
  return refuse(`${header} is not that of this body under a secret of this source`);
}

/** The source as sources.yaml has it, and what evaluates its expressions. */
export interface SourceSettings extends SourceDef {
  evaluate: PayloadEvaluator;
}

/** A message of the vendor: a call in Segment's form, which Segment's parser reads like any other, or a receipt. */
export type WebhookMessage =
  | {
      kind: 'call';
      /**
       * `{type: 'track', messageId, userId | anonymousId | context.externalIds | context.traits.email, event, properties,
       * timestamp}`. `messageId`: the vendor's delivery or event id (`:n` if it makes several calls), unique within the
       * source, because the frame puts the source's id in front. `timestamp`: the time of the vendor's *object*, because
       * tickets, orders and traits are ordered by it.
       */
      call: Record<string, unknown>;
      /** What `customer` of sources.yaml reads. Default: the body as JSON. */
      payload?: unknown;
    }
  /** About a message of ours. `receipt.id` is unique within the source, as `messageId` is. */
  | { kind: 'receipt'; receipt: Receipt };

export type WebhookReading =
  | { kind: 'messages'; messages: WebhookMessage[] }
  /** A test, or a topic that means nothing to journeys: answered 200, counted, kept nowhere. */
  | { kind: 'ignored'; reason: string }
  /**
   * Kept on the rejected list, answered 200, and retried from there. `reason` says what was expected and found: "expected
   * detail.id to be text or a number, found an object".
   */
  | { kind: 'unreadable'; code: string; reason: string; deliveryId?: string };

/** The body of the answer 200, for vendors that read it. */
interface WebhookAnswer {
  type: string;
  body: string;
}

/** One kind of vendor: a file of this folder, and a line of `kinds.ts`. */
export interface WebhookKind {
  /** In lower case with hyphens: `standard-webhooks`. */
  id: string;
  /** Name of the vendor, for people: `Standard Webhooks`. */
  name: string;
  /**
   * Verifies over the raw body, in constant time and before any parsing, against each live secret. Never throws. Use
   * `hmac.ts` and `replay-window.ts`.
   */
  verify(request: WebhookRequest, secrets: readonly string[], source: SourceSettings): Verification;
  /** Makes the body that `read` reads of the one that was verified; without it they are the same. Never throws. */
  prepare?(body: Buffer): Promise<Buffer>;
  /** Reads a verified request. Pure; never throws. A retry from the rejected list calls it again, with `keptHeaders` only. */
  read(request: WebhookRequest, source: SourceSettings): WebhookReading;
  /** Headers that `read` reads, in lower case. They are kept with an unreadable request. Never those with a secret. */
  keptHeaders: readonly string[];
  /** Further headers to keep, where the source's definition decides it. */
  keepsHeader?(name: string, source: SourceSettings): boolean;
  /** What to set at the vendor. Default: the URL, and a secret of ours. */
  setup?: SourceSetup;
  /** Default: `{"success":true}`. */
  answer?: WebhookAnswer;
  /** Checks `settings` of sources.yaml; one message per mistake, by path. Without it there are none. */
  checkSettings?(settings: Readonly<Record<string, unknown>>): SettingsProblem[];
}

/** A mistake in the settings of a source, for the author of the bundle. */
export interface SettingsProblem {
  /** Within `settings`: `statuses.open`. */
  path: string;
  message: string;
}
