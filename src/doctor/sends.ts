import type { ChannelHealth } from '../../db/deliveries/channel-health.ts';
import { count, type Finding, fail, formatAge, ok, warn } from './finding.ts';

/** Judges what became of the newest messages of each channel. */
export function judgeSends(channels: readonly ChannelHealth[], now: number): Finding[] {
  const check = 'channel_errors';
  const findings = channels.flatMap((channel) => judgeChannel(check, channel, now));
  if (findings.length > 0 || channels.length === 0) return findings;
  return [ok(check, `the last message of ${count(channels.length, 'channel')} was sent without an error`)];
}

/** A channel fails if its newest attempt did, and it works with losses if older ones did. */
function judgeChannel(check: string, health: ChannelHealth, now: number): Finding[] {
  const { channel, sent, failed, unknown, retrying, lastSentAt, lastErrorAt, lastError } = health;
  if (lastErrorAt === null) return [];
  const remedy = `look at the error, at the provider of ${channel}, and at its setting in CHANNELS`;
  if (lastSentAt === null || lastErrorAt > lastSentAt) {
    const since = lastSentAt === null ? 'in a day' : `for ${formatAge(now - lastSentAt)}`;
    return [fail(check, `nothing was sent by ${channel} ${since}: ${lastError}`, remedy)];
  }
  const lost = failed + unknown + retrying;
  return lost * 10 > sent + lost
    ? [
        warn(
          check,
          `${lost} of the last ${sent + lost} messages by ${channel} did not leave: ${lastError}`,
          remedy,
        ),
      ]
    : [];
}
