import { readDevices } from '../domain/customer/devices.ts';
import type { OutgoingMessage, SendResult } from './channel.ts';

/** What a push message shows. */
export interface PushMessage {
  title: string;
  body: string;
  /** Where a tap leads: the last line of the text, if it is a URL. */
  url: string | null;
}

export function readPushMessage({
  subject,
  from,
  text,
}: Pick<OutgoingMessage, 'subject' | 'from' | 'text'>): PushMessage {
  const lines = text.trimEnd().split('\n');
  const last = lines.at(-1)?.trim() ?? '';
  const url = lines.length > 1 && /^https?:\/\/\S+$/.test(last) ? last : null;
  return {
    title: subject ?? from.name,
    body: (url === null ? lines : lines.slice(0, -1)).join('\n').trim(),
    url,
  };
}

/**
 * Sends to each device of a customer. One that has taken the message is enough: the message is sent, and it is not sent to
 * the others again. If none has, the least certain result counts.
 */
export async function sendToDevices(
  to: string,
  send: (device: string) => Promise<SendResult>,
): Promise<SendResult> {
  const devices = readDevices(to);
  const results = await Promise.all(devices.map(send));
  const find = <State extends SendResult['state']>(state: State) =>
    results.filter((result): result is Extract<SendResult, { state: State }> => result.state === state);
  const [sent] = find('sent');
  if (sent) return sent;
  const [unknown] = find('unknown');
  if (unknown) return unknown;
  const [retry] = find('retry');
  if (retry) return retry;
  const failed = find('failed');
  const [first] = failed;
  if (!first) return { state: 'failed', error: 'there is no device', suppress: false };
  return { ...first, suppress: failed.every(({ suppress }) => suppress) };
}
