import type { ChannelDef, WorkspaceDef } from '../definition.ts';
import { getOwn } from '../values/get-own.ts';
import { normaliseDevices } from './devices.ts';
import { normaliseEmailAddress } from './email-address.ts';
import { readPhoneNumber } from './phone-number.ts';
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
 * The customer's address on a channel, in canonical form: e-mail in lower case, phone numbers as `+` and digits, devices,
 * `customer` on a channel that reaches customers by id. Undefined if there is no usable address.
 * @param country whose national notation of phone numbers is understood
 */
export function readAddress(
  profile: Pick<Profile, 'traits'>,
  channel: ChannelDef,
  country?: string,
): string | undefined {
  if (channel.address === null) return NO_ADDRESS;
  return normaliseAddress(readTrait(profile, channel.address), channel, country);
}

/** A value of the trait that addresses a channel, in canonical form; undefined if nothing can be sent to it. */
export function normaliseAddress(value: unknown, channel: ChannelDef, country?: string): string | undefined {
  const kind = channel.via === 'email' ? 'email' : readAddressKind(channel.address ?? '');
  if (kind === 'email') return normaliseEmailAddress(value);
  if (kind === 'phone') return readPhoneNumber(value, country);
  return normaliseDevices(value);
}

/** Words that come after what a trait holds: `phone_number`, `emailAddress`. A name has at most 100 characters. */
const NUMBER_WORD = /[_\s-]{0,100}(number|no|nr|address|adresse|e164)$/i;
const EMAIL_TRAIT = /e-?mail$/i;
const PHONE_TRAIT = /(phone|mobile|telefon|handy|msisdn)$|(^|[_\s-])(tel|cell|sms)$/i;
/** An id at a messenger is a number only if its trait says so. */
const MESSENGER_NUMBER = /^(.*[_\s-])?(whatsapp|signal|viber)[_\s-]*(phone|number|no|nr)$/i;

/** What the name of a trait says about its value. Undefined for other addresses, such as the token of a device. */
function readAddressKind(trait: string): 'email' | 'phone' | undefined {
  const name = trait.replace(NUMBER_WORD, '');
  if (EMAIL_TRAIT.test(name)) return 'email';
  return PHONE_TRAIT.test(name) || MESSENGER_NUMBER.test(trait) ? 'phone' : undefined;
}

/** Whether a trait of this name holds phone numbers. */
export function isPhoneTrait(trait: string): boolean {
  return readAddressKind(trait) === 'phone';
}

/** The customer's addresses on the channels of a workspace that have any. */
export function listAddresses(
  profile: Pick<Profile, 'traits'>,
  { channels, country }: WorkspaceDef,
): { channel: string; address: string }[] {
  return Object.entries({ ...channels, ...BUILT_IN }).flatMap(([channel, definition]) => {
    const address = readAddress(profile, definition, country);
    return definition.address === null || address === undefined ? [] : [{ channel, address }];
  });
}

/** All channels of a workspace; those that every workspace has, if it is not known. */
export function listChannels(workspace: WorkspaceDef | undefined): ChannelDef[] {
  return [...Object.values(BUILT_IN), ...Object.values(workspace?.channels ?? {})];
}
