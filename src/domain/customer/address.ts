import type { ChannelDef, WorkspaceDef } from '../definition.ts';
import { getOwn } from '../values/get-own.ts';
import { normaliseEmailAddress } from './email-address.ts';
import { type Profile, readTrait } from './profile.ts';

/** Channels that every workspace has. */
const BUILT_IN: Record<string, ChannelDef> = {
  email: { via: 'email', address: 'email' },
  agent_desk: { via: 'desk', address: null },
};

/** The address on channels that reach the customer by id. */
const NO_ADDRESS = 'customer';

/** The definition of a channel; undefined if the workspace has no such channel. */
export function findChannel(workspace: WorkspaceDef, id: string): ChannelDef | undefined {
  return getOwn(BUILT_IN, id) ?? getOwn(workspace.channels, id);
}

/**
 * The customer's address on a channel, in canonical form: e-mail in lower case, phone numbers as `+` and digits,
 * `customer` on a channel that reaches customers by id. Undefined if there is no usable address.
 */
export function readAddress(profile: Profile, channel: ChannelDef): string | undefined {
  if (channel.address === null) return NO_ADDRESS;
  const value = readTrait(profile, channel.address);
  if (channel.via === 'email' || /e-?mail$/i.test(channel.address)) return normaliseEmailAddress(value);
  if (/(phone|mobile)$/i.test(channel.address)) return normalisePhoneNumber(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/**
 * A phone number as `+` and digits, four to fifteen of them (E.164); undefined for anything else. Some senders send
 * numbers as numbers.
 */
export function normalisePhoneNumber(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  const digits = text.replace(/\D/g, '');
  if (digits.length < 4 || digits.length > 15 || /[a-z]/i.test(text)) return undefined;
  return text.startsWith('+') ? `+${digits}` : digits;
}
