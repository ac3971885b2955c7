import type { CallType } from '../event.ts';
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
  /** Of the kind `mapped`, and of no other. */
  mapping?: MappingDef;
}

/** Whom an event is about, as CEL over the payload. A field that is missing here is what the kind itself reads. */
export interface SourceCustomer {
  userId?: Cel;
  anonymousId?: Cel;
  email?: Cel;
  phone?: Cel;
  /** Ids in other systems, by type. */
  externalIds?: Readonly<Record<string, Cel>>;
}

/** How the payloads of a sender become calls, and how they are verified. */
export interface MappingDef {
  verify: MappedVerification;
  /** The list of payloads within the body; null: the body is one, or a list of them. */
  each: Cel | null;
  /** The first whose condition holds is used. */
  messages: MessageMapping[];
  /** What a payload is that none of them fits. */
  otherwise: 'ignored' | 'unreadable';
}

/** Names of headers are in lower case. */
export type MappedVerification =
  | { scheme: 'standard-webhooks' }
  /** A header holds the secret itself, after a prefix such as `Bearer `. */
  | { scheme: 'token'; header: string; prefix: string }
  | {
      scheme: 'hmac';
      header: string;
      algorithm: 'sha256' | 'sha1';
      encoding: 'hex' | 'base64';
      /** Before the signature: `sha256=`. */
      prefix: string;
      /** The header with the signed time; null: none, and no request expires. */
      timestamp: string | null;
      /** Between the time and the body, of what is signed. */
      separator: string;
    };

export interface MessageMapping {
  when: Cel | null;
  type: CallType;
  /** Of a `track`: the event's name, or where it is in the payload. */
  event: string | { from: Cel } | null;
  /** Null: a digest of the payload. */
  messageId: Cel | null;
  timestamp: Cel | null;
  groupId: Cel | null;
  previousId: Cel | null;
  customer: SourceCustomer;
  /** One expression that gives a mapping, or one per name. */
  properties: Cel | Readonly<Record<string, Cel>>;
  traits: Cel | Readonly<Record<string, Cel>>;
}
