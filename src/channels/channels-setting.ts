import { z } from 'zod';
import type { ReceiptKind } from '../domain/receipt.ts';
import type { Channel } from './channel.ts';
import type { ChannelDeps, ChannelKind } from './channel-kind.ts';
import { CHANNEL_KINDS } from './kinds.ts';

/** The kind of an entry that names none. */
const DEFAULT_KIND = 'webhook';

/** The fields that every entry may have, whatever its kind. */
const COMMON = {
  /** The workspaces that may use the channel; all, if there is no list. */
  workspaces: z.array(z.string().min(1)).optional(),
  /** Messages per second, over all workers. */
  rate: z.number().positive('must be more than 0').max(10_000, 'must be at most 10000').optional(),
  /** Messages that one worker sends at once. */
  concurrency: z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(200, 'must be at most 200')
    .optional(),
};

/** One entry of `CHANNELS`, read. */
export interface ChannelSettings {
  kind: string;
  workspaces?: string[];
  rate?: number;
  concurrency?: number;
  /** The fields of the kind. */
  [field: string]: unknown;
}

/**
 * The schema of one entry: `{"kind": "webhook", "rate": 20, …}` with the fields of its kind. An entry without a kind is a
 * webhook.
 */
export const channelSettings: z.ZodType<ChannelSettings> = z.preprocess(
  (entry) => (isRecord(entry) && entry.kind === undefined ? { ...entry, kind: DEFAULT_KIND } : entry),
  z.discriminatedUnion(
    'kind',
    Object.entries(CHANNEL_KINDS).map(([id, { settings }]) =>
      z.strictObject({ kind: z.literal(id), ...COMMON, ...settings.shape }),
    ) as unknown as [z.ZodObject<{ kind: z.ZodLiteral }>],
    { error: `must be one of ${Object.keys(CHANNEL_KINDS).join(', ')}` },
  ),
) as z.ZodType<ChannelSettings>;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Why an entry can't be for the channel of this id; null if it can. */
export function refuseEntry(id: string, entry: ChannelSettings): string | null {
  const { kind } = entry;
  if (id === 'agent_desk') return 'agent_desk is built in';
  if (!/^[a-z][a-z0-9_]*$/.test(id)) return `${id} is not a channel id: use a-z, 0-9 and _`;
  const needed = id === 'email' ? 'mail' : 'text';
  if (CHANNEL_KINDS[kind]?.carries === needed) return CHANNEL_KINDS[kind]?.check?.(entry) ?? null;
  return `${id} can't be of kind ${kind}: use one of ${listKinds(needed).join(', ')}`;
}

function listKinds(carries: ChannelKind['carries']): string[] {
  return Object.keys(CHANNEL_KINDS).filter((kind) => CHANNEL_KINDS[kind]?.carries === carries);
}

/** Makes the channel of an entry. */
export function createChannel(id: string, entry: ChannelSettings, deps: ChannelDeps): Channel {
  const { create } = CHANNEL_KINDS[entry.kind] as ChannelKind;
  const channel = create(id, entry, deps);
  return {
    ...channel,
    rate: entry.rate ?? channel.rate ?? null,
    concurrency: entry.concurrency ?? channel.concurrency,
  };
}

/** What each configured channel can report about its messages. */
export function listChannelReceipts(
  channels: Readonly<Record<string, ChannelSettings>>,
): Record<string, readonly ReceiptKind[]> {
  return Object.fromEntries(
    Object.entries(channels).map(([id, { kind }]) => [id, CHANNEL_KINDS[kind]?.receipts ?? []]),
  );
}
