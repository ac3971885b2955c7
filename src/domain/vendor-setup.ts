/**
 * What somebody sets at a vendor, as `throughline connect` prints it. Each kind of source or channel has its own, beside its
 * code.
 */

/** A sentence, with what is to be pasted where it says. */
export type SetupStep = string | { text: string; paste: string };

/** A source, as its vendor sees it. */
interface SetupPlace {
  /** Where the vendor sends its requests. */
  url: string;
  /** The secret that Throughline has made; empty where the vendor makes it. */
  secret: string;
}

/** How a vendor is told to send its webhooks. */
export interface SourceSetup {
  /** Who makes the secret. `shown`: where the vendor shows it, for the question: "the signing secret of the webhook". */
  secret: { by: 'vendor'; shown: string } | { by: 'throughline' };
  steps(place: SetupPlace): readonly SetupStep[];
}

/** How a channel is given its provider. */
export interface ChannelSetup {
  /** An example of the entry in `CHANNELS`, without its `kind`. What is to be replaced is in angle brackets: `<API key>`. */
  entry: Readonly<Record<string, unknown>>;
  /** What to do at the provider, and where to find what the entry needs. */
  steps: readonly SetupStep[];
}
