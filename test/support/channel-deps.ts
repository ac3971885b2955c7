import type { ChannelDeps } from '../../src/channels/channel-kind.ts';
import { readAllowList } from '../../src/outbound/allow-list.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';

/** What channels under test use: their providers are on this machine. */
export const CHANNEL_DEPS: ChannelDeps = {
  outbound: createOutbound(readAllowList('127.0.0.1, ::1') ?? { hosts: [], networks: [] }),
  publicUrl: 'https://journeys.aroma.example',
  inbox: { add: async () => true },
};
