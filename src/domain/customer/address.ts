import type { ChannelDef, WorkspaceDef } from '../definition.ts';
import { getOwn } from '../values/get-own.ts';
import { normaliseEmailAddress } from './email-address.ts';
import { type Profile, readTrait } from './profile.ts';

/** Channels that every workspace has. */
const BUILT_IN: Record<string, ChannelDef> = {
  email: { via: 'email', address: 'email' },
  agent_desk: { via: 'desk', address: null },
};

/** The address of a channel that needs none beside the customer's id. */
const NO_ADDRESS = 'customer';

/** How a channel of the workspace goes out; undefined for one that it doesn't have. */
export function findChannel(workspace: WorkspaceDef, id: string): ChannelDef | undefined {
  return getOwn(BUILT_IN, id) ?? getOwn(workspace.channels, id);
}

/**
 * Where a channel reaches the customer, in the form that addresses are compared in: e-mail lowercased, phone numbers
 * as `+` and digits. `customer` for a channel that goes by the customer's id. Undefined when there is no usable address.
 */
export function readAddress(profile: Profile, channel: ChannelDef): string | undefined {
  if (channel.address === null) return NO_ADDRESS;
  const value = readTrait(profile, channel.address);
  if (channel.via === 'email' || /e-?mail$/i.test(channel.address)) return normaliseEmailAddress(value);
  if (/(phone|mobile)$/i.test(channel.address)) return normalisePhoneNumber(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** A phone number reduced to `+` and digits: four at least, fifteen at most (E.164). Some senders have numbers as numbers. */
export function normalisePhoneNumber(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  const digits = text.replace(/\D/g, '');
  if (digits.length < 4 || digits.length > 15 || /[a-z]/i.test(text)) return undefined;
  return text.startsWith('+') ? `+${digits}` : digits;
}
