import type { Channel } from '../channels/channel.ts';
import type { ChannelDeps } from '../channels/channel-kind.ts';
import { createChannel } from '../channels/channels-setting.ts';
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
export function createChannels(config: ChannelConfig): Channel[] {
  const deps = createDeps(config);
  const channels = Object.keys(config.channels).flatMap((id) => createConfigured(id, config, deps) ?? []);
  return config.channels.email
    ? channels
    : [createUnconfiguredChannel('email', 'set SMTP_URL, or add email to CHANNELS'), ...channels];
}

/** The channel of this id, restricted to what the operator permits; undefined if it is not configured. */
export function createConfigured(
  id: string,
  config: ChannelConfig,
  deps = createDeps(config),
): Channel | undefined {
  const entry = config.channels[id];
  return entry && restrictChannel(createChannel(id, entry, deps), config.permissions);
}

function createDeps({ publicUrl, outboundAllow }: ChannelConfig): ChannelDeps {
  return { outbound: createOutbound(outboundAllow), publicUrl };
}
