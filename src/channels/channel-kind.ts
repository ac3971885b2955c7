import type { z } from 'zod';
import type { ReceiptKind } from '../domain/receipt.ts';
import type { ChannelSetup } from '../domain/vendor-setup.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { Channel } from './channel.ts';
import type { InboxWriter } from './inbox-writer.ts';

/** What a channel may use of the process that it runs in. */
export interface ChannelDeps {
  /** For every URL: it connects only to addresses that the operator permits. */
  outbound: Outbound;
  /** The public URL of the API, without a slash at the end. */
  publicUrl: string;
  /** The inboxes of customers, for the kind `inbox`. */
  inbox: InboxWriter;
}

/** A kind of channel: what its entry in `CHANNELS` holds, and how a channel is made of it. */
export interface ChannelKind<Settings extends z.ZodObject = z.ZodObject> {
  /** The fields of the entry, beside those that every entry may have. */
  settings: Settings;
  /** What the schema can't say: why settings are invalid; null if they aren't. */
  check?(settings: z.output<Settings>): string | null;
  /** `mail`: HTML mails with a subject, for the channel `email` alone. `text`: plain text, for every other channel. */
  carries: 'mail' | 'text';
  /** What its providers can report about a message, if their webhooks are connected. */
  receipts: readonly ReceiptKind[];
  /** What to set at the provider, and the entry in `CHANNELS`. */
  setup?: ChannelSetup;
  /** Makes the channel `id`. Loads heavy libraries on the first message: every role reads the settings. */
  create(id: string, settings: z.output<Settings>, deps: ChannelDeps): Channel;
}

/** Declares a kind; settings are typed by their schema. */
export function channelKind<Settings extends z.ZodObject>(kind: ChannelKind<Settings>): ChannelKind {
  return kind as unknown as ChannelKind;
}
