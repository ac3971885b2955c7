import type { ActionClass, AttributeDef } from '../definition.ts';
import type { Facts } from '../facts.ts';
import type { Instant } from '../time/time.ts';
import { getOwn } from '../values/get-own.ts';
import { resolveConsent } from './consent.ts';
import type { Trait } from './profile.ts';

/** What decides which attributes may be read: the customer's and the account's traits, declarations and consents. */
type AttributeFacts = Facts<'profile' | 'permissions'>;

/** What attributes are read for. */
export type DataUse = 'marketing' | 'service';

/** The use for which an action or a journey reads attributes. If it no longer exists: marketing, the stricter one. */
export function dataUseOf(owner: { class: ActionClass } | undefined): DataUse {
  return owner === undefined || owner.class === 'marketing' ? 'marketing' : 'service';
}

/** An attribute that may be read, with its origin and the permission. */
export interface AttributeRead {
  value: unknown;
  at: Instant;
  source: string;
  /** `first`, `second` or `third`. */
  party: string;
  /** The value is too old, and `value` is the declared fallback. */
  stale: boolean;
  /** Why it may be read: `consent:{purpose}`, `declared:{use}`, or `undeclared` if attributes.yaml does not list it. */
  permission: string;
}

/** Why an attribute that is set reads as missing. */
type WithholdReason = 'source' | 'use' | 'sensitivity' | 'consent' | 'stale';

/** An attribute that was used in a decision or a message, as the customer can look it up (B-10). */
export interface UsedAttribute {
  /** `traits.{name}` or `account.{name}`. */
  attribute: string;
  permission: string;
  source: string;
  party: string;
  at: Instant;
  stale: boolean;
}

/** An attribute that would have been read but was not allowed to be. */
export interface WithheldAttribute {
  attribute: string;
  reason: WithholdReason;
}

/** All attributes: the condition or template computes their names. */
const ALL = '*';
const ACCOUNT = 'account.';

/**
 * The customer's traits that may be read for `use`. Conditions and templates get these and no others. A trait that was
 * set to null was taken away.
 */
export function readTraits(facts: AttributeFacts, use: DataUse, now: Instant): Map<string, AttributeRead> {
  return readAll(facts, facts.profile.traits, use, now);
}

/** The traits of the customer's account that may be read for `use`; empty for a customer without an account. */
export function readAccountTraits(
  facts: AttributeFacts,
  use: DataUse,
  now: Instant,
): Map<string, AttributeRead> {
  return readAll(facts, facts.account?.traits ?? {}, use, now);
}

/**
 * The attributes that were used, each with source and permission. Missing and withheld ones are left out.
 * @param reads names of traits and `account.{name}`; `*` and `account.*` for all
 */
export function listUsedAttributes(
  facts: AttributeFacts,
  reads: string[],
  use: DataUse,
  now: Instant,
): UsedAttribute[] {
  return selectTraits(facts, reads).flatMap(({ attribute, name, trait }) => {
    const read = readAttribute(facts, name, trait, use, now);
    if (typeof read === 'string') return [];
    const { permission, source, party, at, stale } = read;
    return [{ attribute, permission, source, party, at, stale }];
  });
}

/** The attributes of `reads` that are set but withheld, so that a decision can tell why a condition found nothing. */
export function listWithheldAttributes(
  facts: AttributeFacts,
  reads: string[],
  use: DataUse,
  now: Instant,
): WithheldAttribute[] {
  return selectTraits(facts, reads).flatMap(({ attribute, name, trait }) => {
    const reason = readAttribute(facts, name, trait, use, now);
    return typeof reason === 'string' ? [{ attribute, reason }] : [];
  });
}

function selectTraits(
  facts: AttributeFacts,
  reads: string[],
): { attribute: string; name: string; trait: Trait }[] {
  const { traits } = facts.profile;
  const accountTraits = facts.account?.traits ?? {};
  const names = reads.flatMap((read) => {
    if (read === ALL) return Object.keys(traits);
    return read === ACCOUNT + ALL ? Object.keys(accountTraits).map((name) => ACCOUNT + name) : [read];
  });
  return [...new Set(names)].sort().flatMap((read) => {
    const isAccount = read.startsWith(ACCOUNT);
    const name = isAccount ? read.slice(ACCOUNT.length) : read;
    const trait = getOwn(isAccount ? accountTraits : traits, name);
    return trait && trait.value !== null
      ? [{ attribute: isAccount ? read : `traits.${name}`, name, trait }]
      : [];
  });
}

function readAll(
  facts: AttributeFacts,
  traits: Record<string, Trait>,
  use: DataUse,
  now: Instant,
): Map<string, AttributeRead> {
  const reads = new Map<string, AttributeRead>();
  for (const [name, trait] of Object.entries(traits)) {
    if (trait.value === null) continue;
    const read = readAttribute(facts, name, trait, use, now);
    if (typeof read !== 'string') reads.set(name, read);
  }
  return reads;
}

function readAttribute(
  facts: AttributeFacts,
  name: string,
  trait: Trait,
  use: DataUse,
  now: Instant,
): AttributeRead | WithholdReason {
  const { value, at, source } = trait;
  const declared = getOwn(facts.attributes, name);
  if (!declared) return { value, at, source, party: 'first', stale: false, permission: 'undeclared' };
  const withheld = findWithholdReason(facts, declared, source, use);
  if (withheld) return withheld;
  const stale = declared.fresh !== null && now - at > declared.fresh;
  if (stale && (declared.fallback ?? null) === null) return 'stale';
  return {
    value: stale ? declared.fallback : value,
    at,
    source,
    party: partyOf(declared, source),
    stale,
    permission: declared.consent === null ? `declared:${use}` : `consent:${declared.consent}`,
  };
}

/** A value of another source may be older than the declaration of the source. It does not count either. */
function findWithholdReason(
  facts: AttributeFacts,
  declared: AttributeDef,
  source: string,
  use: DataUse,
): WithholdReason | null {
  if (declared.source !== null && declared.source !== source) return 'source';
  if (declared.uses !== null && !declared.uses.includes(use)) return 'use';
  if (declared.sensitivity > levelOf(facts)) return 'sensitivity';
  if (declared.consent === null) return null;
  return resolveConsent(facts.consents, declared.consent, '*', '*')?.status === 'granted' ? null : 'consent';
}

/** The personalisation level: the customer's choice, otherwise the workspace's. */
function levelOf(facts: AttributeFacts): number {
  return facts.profile.personalisation?.level ?? facts.personalisation;
}

/** A value that a journey has set is first-party, whatever is declared. */
function partyOf(declared: AttributeDef, source: string): string {
  return source.startsWith('journey:') ? 'first' : declared.party;
}
