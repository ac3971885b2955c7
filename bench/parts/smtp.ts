import process from 'node:process';
import nodemailer from 'nodemailer';
import type { OutgoingMessage } from '../../src/channels/channel.ts';
import { createEmailChannel } from '../../src/channels/email.ts';
import { LOOPBACK } from '../../src/dev/ports.ts';
import { startFloorProcess } from '../floor/child-process.ts';
import type { MailPeerReply } from '../floor/mail-peer.ts';
import { measureRate } from '../http-sender.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import { runRounds, summarize } from '../stats.ts';
import type { Stops } from '../stops.ts';

const MAILS = 2_000;
const ROUNDS = 7;
const BUDGET_MS = 30_000;

/** Sends one mail, and fails unless the server accepted it. */
type Send = (message: OutgoingMessage) => Promise<unknown>;

/** Of one round: mails per second, and seconds of the sender's CPU time for each. */
interface Measured {
  rate: number;
  cpu: number;
}

/**
 * smtp: mails per second from the e-mail channel to a mail server in a process of its own. The floor is nodemailer alone
 * with a pool, with as many connections and the same messages; a second one opens a connection for each mail.
 */
export async function benchSmtp(_servers: Servers, stops: Stops): Promise<Result[]> {
  const peer = startFloorProcess<never, MailPeerReply>('mail-peer.ts', {}, stops);
  const { port } = await peer.waitForMessage((message) => 'port' in message);
  const channel = createEmailChannel(`smtp://${LOOPBACK}:${port}`);
  const { concurrency } = channel;
  const server = { host: LOOPBACK, port };
  const pooled = nodemailer.createTransport({ ...server, pool: true, maxConnections: concurrency });
  const single = nodemailer.createTransport(server);
  stops.push(async () => {
    pooled.close();
    await channel.close();
  });
  const sides: Record<'ours' | 'pooled' | 'single', Send> = {
    async ours(message) {
      const result = await channel.send(message);
      if (result.state !== 'sent') throw new Error(`a mail was not sent: ${result.error}`);
    },
    pooled: (message) => pooled.sendMail(toMail(message)),
    single: (message) => single.sendMail(toMail(message)),
  };
  const round = async () => ({
    ours: await measure(sides.ours, concurrency),
    pooled: await measure(sides.pooled, concurrency),
    single: await measure(sides.single, concurrency),
  });
  // The first round compiles code and opens connections, so it is discarded.
  await round();
  const rounds = await runRounds(ROUNDS, BUDGET_MS, round);
  const against = (floor: 'pooled' | 'single', value: keyof Measured) =>
    summarize(rounds.map((sides) => ({ ours: sides.ours[value], floor: sides[floor][value] })));
  const part = 'smtp';
  const cpu = { part, unit: 'µs', goal: null };
  return [
    {
      part,
      measure: 'mails sent, against nodemailer with a pool',
      ...against('pooled', 'rate'),
      unit: 'mails/s',
      goal: { at: 'least', value: 0.8 },
    },
    {
      part,
      measure: 'mails sent, against nodemailer without one',
      ...against('single', 'rate'),
      unit: 'mails/s',
      goal: null,
    },
    { ...cpu, measure: 'CPU time per mail, against the pool', ...against('pooled', 'cpu') },
  ];
}

async function measure(send: Send, concurrency: number): Promise<Measured> {
  const messages = Array.from({ length: MAILS }, (_, n) => messageTo(n));
  const cpu = process.cpuUsage();
  const rate = await measureRate(messages, concurrency, async (message) => {
    await send(message);
  });
  const { user, system } = process.cpuUsage(cpu);
  return { rate, cpu: (user + system) / MAILS };
}

/** A mail of about 4 KB, with both parts and the headers of marketing. */
function messageTo(n: number): OutgoingMessage {
  const lines = Array.from(
    { length: 40 },
    (_, line) => `Line ${line}: Grüße an Kundin ${n}, und viel Freude damit.`,
  );
  return {
    deliveryId: `dlv_${n}_1_1_0`,
    workspace: 'aroma',
    channel: 'email',
    class: 'marketing',
    preferencesUrl: null,
    to: `customer-${n}@example.com`,
    from: { name: 'Aroma', email: 'hello@aroma.example' },
    subject: `Your order ${n}`,
    html: `<html><body>${lines.map((line) => `<p>${line}</p>`).join('\n')}</body></html>`,
    text: lines.slice(0, 15).join('\n'),
    headers: {
      'List-Unsubscribe': `<https://aroma.example/unsubscribe/${n}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  };
}

/** The message as people give it to nodemailer. */
function toMail({ deliveryId, from, to, subject, html, text, headers }: OutgoingMessage) {
  return {
    from: { name: from.name, address: from.email },
    to,
    subject: subject ?? '',
    html: html ?? '',
    text,
    headers,
    messageId: `<${deliveryId}@aroma.example>`,
  };
}
