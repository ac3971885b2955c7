import type { Channel } from '../channels/channel.ts';
import type { ChannelDeps } from '../channels/channel-kind.ts';
import { createChannel } from '../channels/channels-setting.ts';
import type { InboxWriter } from '../channels/inbox-writer.ts';
import { restrictChannel } from '../channels/restrict.ts';
import { createUnconfiguredChannel } from '../channels/unconfigured.ts';
import type { Config } from '../config.ts';
import { createOutbound } from '../outbound/outbound.ts';

/** What channels need of the configuration. */
export type ChannelConfig = Pick<Config, 'channels' | 'outboundAllow' | 'permissions' | 'publicUrl'>;

/**
 * Creates every configured channel, and e-mail: that has a worker even if it is not configured, because its deliveries
 * would otherwise wait forever. Other unconfigured channels are handled by `watchUnconfiguredChannels`.
 */
export function createChannels(config: ChannelConfig, inbox: InboxWriter): Channel[] {
  const deps = createDeps(config, inbox);
  const channels = Object.keys(config.channels).flatMap((id) => createConfigured(id, config, deps) ?? []);
  return config.channels.email
    ? channels
    : [createUnconfiguredChannel('email', 'set SMTP_URL, or add email to CHANNELS'), ...channels];
}

/** The channel of this id, restricted to what the operator permits; undefined if it is not configured. */
export function createConfigured(
  id: string,
  config: ChannelConfig,
  deps = createDeps(config, NO_INBOX),
): Channel | undefined {
  const entry = config.channels[id];
  return entry && restrictChannel(createChannel(id, entry, deps), config.permissions);
}

/** For callers that send no message of a journey. */
const NO_INBOX: InboxWriter = { add: () => Promise.reject(new Error('this process writes no inbox')) };

function createDeps({ publicUrl, outboundAllow }: ChannelConfig, inbox: InboxWriter): ChannelDeps {
  return { outbound: createOutbound(outboundAllow), publicUrl, inbox };
}
