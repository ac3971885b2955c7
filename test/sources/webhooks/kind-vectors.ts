import type { Instant } from '../../../src/domain/time/time.ts';
import type { WebhookRequest } from '../../../src/sources/webhooks/webhook-kind.ts';

/**
 * What the table of forged, old, repeated and rotated requests (`all-kinds.test.ts`) needs of a kind. Each kind of
 * `kinds.ts` has a file `vectors/<kind>.ts` whose default export is this.
 */
export interface KindVectors {
  kind: string;
  /** What sources.yaml says besides `id` and `kind`, in flow style: `settings: { a: b }`. */
  yaml?: string;
  /** Two secrets, as an operator copies them from the vendor. */
  secrets: readonly [string, string];
  /** A body, as the vendor documents it, that becomes at least one call. */
  body: string | Buffer;
  /** What is posted, if the kind prepares `body` of it. */
  posted?: Buffer;
  /**
   * The request as the vendor sends it.
   *
   * @param url where it is sent, for vendors that sign it; default: a URL of the vectors' own
   */
  sign(body: Buffer, secret: string, at: Instant, url?: string): WebhookRequest;
  /** The header that holds the signature or the secret. */
  signatureHeader: string;
  /** Whether the signature covers the body: a changed byte is refused. */
  signsBody: boolean;
  /** Whether the vendor signs a time: an old request is refused. */
  signsTime: boolean;
  /** A test vector that the vendor publishes, or that was computed apart from this product. */
  documented: { request: WebhookRequest; secret: string } | null;
}
