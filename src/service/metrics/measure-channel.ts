import type { Channel } from '../../channels/channel.ts';
import type { Metrics } from '../../metrics/metrics.ts';

/** The channel, with its calls of the provider measured. */
export function measureChannel(channel: Channel, { instruments, onScrape }: Metrics): Channel {
  const { id, reachability } = channel;
  if (reachability)
    onScrape(`channel ${id}`, () =>
      instruments.throughline_channel_away.set({ channel: id }, reachability.isAway ? 1 : 0),
    );
  return {
    ...channel,
    async send(message) {
      const end = instruments.throughline_channel_send_seconds.startTimer({ channel: id });
      const result = await channel.send(message);
      end();
      instruments.throughline_channel_sends_total.inc({ channel: id, result: result.state });
      return result;
    },
  };
}
