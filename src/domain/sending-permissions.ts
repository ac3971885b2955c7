import { normaliseEmailAddress } from './customer/email-address.ts';
import { getOwn } from './values/get-own.ts';

/** What the operator lets workspaces send. */
export interface SendingPermissions {
  /** By workspace: the addresses that it may send as, or `@domain` for all of a domain. Null permits all to all. */
  senders: Readonly<Record<string, readonly string[]>> | null;
  /** By channel: the workspaces that may use it. A channel that isn't named is open to all. */
  channels: Readonly<Record<string, readonly string[]>>;
}

/** An address, or `@domain`, in the form in which bundles name their senders. Undefined if it is neither. */
export function readPermittedSender(entry: string): string | undefined {
  const text = entry.trim();
  if (text.includes('*')) return undefined;
  if (!text.startsWith('@')) return normaliseEmailAddress(text);
  return normaliseEmailAddress(`x${text}`)?.slice(1);
}

/** Why a workspace may not send as this address; null if it may. */
export function refuseSender(
  { senders }: SendingPermissions,
  workspace: string,
  address: string,
): string | null {
  if (senders === null) return null;
  const permitted = getOwn(senders, workspace) ?? [];
  const folded = address.toLowerCase();
  if (permitted.some((entry) => matches(entry.toLowerCase(), folded))) return null;
  return `workspace ${workspace} may not send as ${address}: the operator permits it in SENDERS`;
}

/** Why a workspace may not use this channel; null if it may. */
export function refuseChannel(
  { channels }: SendingPermissions,
  workspace: string,
  channel: string,
): string | null {
  const permitted = getOwn(channels, channel);
  if (permitted === undefined || permitted.includes(workspace)) return null;
  return `workspace ${workspace} may not use channel ${channel}: the operator permits it in CHANNELS`;
}

/** Whether mails of a preview may go to this address. Without an entry they go nowhere. */
export function maySendTest(recipients: readonly string[], address: string): boolean {
  return recipients.some((entry) => matches(entry.toLowerCase(), address.toLowerCase()));
}

function matches(entry: string, address: string): boolean {
  return entry.startsWith('@') ? address.slice(address.lastIndexOf('@')) === entry : address === entry;
}
