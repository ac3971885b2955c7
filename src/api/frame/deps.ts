import type { Logger } from 'pino';
import type { Database } from '../../../db/client.ts';
import type { BundleCache } from '../../../db/config/bundle-cache.ts';
import type { BundleCompiler } from '../../app/config/compiler/bundle-compiler.ts';
import type { LearnedModels } from '../../app/decide/learned-models.ts';
import type { IncomingEvent, Receipt } from '../../app/intake/incoming-event.ts';
import type { TrackedHits } from '../../app/receipts/tracked-hits.ts';
import type { Retention } from '../../app/retention/drop-expired.ts';
import type { ZoneLookup } from '../../app/time-zones.ts';
import type { ChannelReceipts } from '../../definitions/advise/receipts.ts';
import type { Evaluator } from '../../domain/facts.ts';
import type { SendingPermissions } from '../../domain/sending-permissions.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { SourceSecrets } from '../../sources/source-secrets.ts';
import type { JourneyClient } from '../../temporal/journey-client.ts';
import type { InboxStreams } from '../inbox/inbox-streams.ts';
import type { ChangeStreams } from '../streams/change-streams.ts';
import type { Inspection } from '../system-status/inspection.ts';

/** Accepts events in batches: a `Batcher`, or a test double. */
interface EventSink {
  /** Resolves when the events are committed. @throws Unavailable if the sender has to retry */
  accept(events: IncomingEvent[]): Promise<Receipt[]>;
}

/** A mail that a customer has requested on a page. */
export interface CustomerMail {
  id: string;
  workspace: string;
  to: string;
  from: { name: string; email: string };
  subject: string;
  /** Null: plain text only. */
  html?: string | null;
  text: string;
}

/** Dependencies of the API. */
export interface ApiDeps extends LearnedModels {
  db: Database;
  bundles: BundleCache;
  compiler: BundleCompiler;
  intake: EventSink;
  /** Missing where no source is configured. */
  sources?: SourceSecrets;
  journeys: JourneyClient;
  evaluate: Evaluator;
  zones: ZoneLookup;
  /** `clientUrl`: where libraries send; without it the host of their own request. */
  config: {
    publicUrl: string;
    clientUrl?: string | null;
    secret: string;
    previousSecret?: string | null;
    permissions?: SendingPermissions;
    retention?: Retention;
    /** The addresses that previews may be sent to; missing: none. */
    testRecipients?: readonly string[];
    /** Origins that may show the console's embedded page in a frame; missing: none. */
    embedAncestors?: readonly string[];
    /** Addresses and networks of proxies that say for whom they call. */
    trustedProxies?: readonly string[];
    /** Whether the developer of this machine logs in with one click. */
    oneClickLogin?: boolean;
    /** What the configured channels can report about their messages. */
    channelReceipts?: ChannelReceipts;
  };
  /** Looks at Temporal for the people who run the installation; missing: nothing is said of it. */
  inspection?: Inspection;
  /** Sends a mail to a customer at once; missing where SMTP is not configured. Whether it was, or may have been, sent. */
  sendMail?: ((mail: CustomerMail) => Promise<boolean>) | undefined;
  /** The open streams of inboxes, for a process that ends them when it stops. */
  inboxStreams?: InboxStreams;
  /** The open streams of changes, likewise. */
  changeStreams?: ChangeStreams;
  /** Records clicks and opens after they were answered. */
  hits: Pick<TrackedHits, 'add'>;
  metrics: Metrics;
  log: Logger;
  /** Limits that tests and operators can change. */
  limits?: {
    /** Events per second and write key; default 20,000. */
    eventsPerSecond?: number;
    /** Milliseconds for which a key is cached; default 3,000. */
    keyCacheMs?: number;
    /** Requests per second and source of webhooks; default 500. */
    webhooksPerSecond?: number;
    /** Milliseconds after which a request of a source is answered with 503; default 4,000. */
    webhookMs?: number;
    /** Milliseconds that a call waits for the journey to process an event; default 5,000. */
    waitMs?: number;
  };
}
