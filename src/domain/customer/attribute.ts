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

/** What an action or a journey of this class may read attributes for; of one that is gone: only what marketing may. */
export function dataUseOf(of: { class: ActionClass } | undefined): DataUse {
  return of === undefined || of.class === 'marketing' ? 'marketing' : 'service';
}

/** An attribute that may be read, with where it comes from and on what ground. */
export interface AttributeRead {
  value: unknown;
  at: Instant;
  source: string;
  /** `first`, `second` or `third`. */
  party: string;
  /** The value is too old, and `value` is the declared fallback. */
  stale: boolean;
  /** On what ground it is read: `consent:{purpose}`, `declared:{use}`, or `undeclared` where nothing is said about it. */
  permission: string;
}

/** Why an attribute that is there reads as missing. */
type WithholdReason = 'source' | 'use' | 'sensitivity' | 'consent' | 'stale';

/** A piece of data that went into a decision or a message, as the customer may be told (B-10). */
export interface UsedAttribute {
  /** `traits.{name}` or `account.{name}`. */
  attribute: string;
  permission: string;
  source: string;
  party: string;
  at: Instant;
  stale: boolean;
}

/** One that would have been read and wasn't allowed to be. */
export interface WithheldAttribute {
  attribute: string;
  because: WithholdReason;
}

/** All of them, since a condition or a template computes their names. */
const ALL = '*';
const ACCOUNT = 'account.';

/** The customer's traits that may be read for `use`. Whoever shows data to conditions or templates shows these and no others. */
export function readTraits(facts: AttributeFacts, use: DataUse, now: Instant): Map<string, AttributeRead> {
  return readable(facts, facts.profile.traits, use, now);
}

/** The same of the customer's account; empty for a customer without one. */
export function readAccountTraits(
  facts: AttributeFacts,
  use: DataUse,
  now: Instant,
): Map<string, AttributeRead> {
  return readable(facts, facts.account?.traits ?? {}, use, now);
}

/**
 * What was used of the data named by `reads` (names of traits, `account.{name}`; `*` and `account.*` for all), for the record:
 * each with its source and permission. What is missing or withheld isn't in it.
 */
export function listUsedAttributes(
  facts: AttributeFacts,
  reads: string[],
  use: DataUse,
  now: Instant,
): UsedAttribute[] {
  return named(facts, reads).flatMap(({ attribute, name, trait }) => {
    const read = readOne(facts, name, trait, use, now);
    if (typeof read === 'string') return [];
    const { permission, source, party, at, stale } = read;
    return [{ attribute, permission, source, party, at, stale }];
  });
}

/** What `reads` names, is there, and isn't shown: so that a decision can say why a condition found nothing. */
export function listWithheldAttributes(
  facts: AttributeFacts,
  reads: string[],
  use: DataUse,
  now: Instant,
): WithheldAttribute[] {
  return named(facts, reads).flatMap(({ attribute, name, trait }) => {
    const because = readOne(facts, name, trait, use, now);
    return typeof because === 'string' ? [{ attribute, because }] : [];
  });
}

function named(facts: AttributeFacts, reads: string[]): { attribute: string; name: string; trait: Trait }[] {
  const { traits } = facts.profile;
  const ofAccount = facts.account?.traits ?? {};
  const names = reads.flatMap((read) => {
    if (read === ALL) return Object.keys(traits);
    return read === ACCOUNT + ALL ? Object.keys(ofAccount).map((name) => ACCOUNT + name) : [read];
  });
  return [...new Set(names)].sort().flatMap((read) => {
    const isAccount = read.startsWith(ACCOUNT);
    const name = isAccount ? read.slice(ACCOUNT.length) : read;
    const trait = getOwn(isAccount ? ofAccount : traits, name);
    return trait ? [{ attribute: isAccount ? read : `traits.${name}`, name, trait }] : [];
  });
}

function readable(
  facts: AttributeFacts,
  traits: Record<string, Trait>,
  use: DataUse,
  now: Instant,
): Map<string, AttributeRead> {
  const reads = new Map<string, AttributeRead>();
  for (const [name, trait] of Object.entries(traits)) {
    const read = readOne(facts, name, trait, use, now);
    if (typeof read !== 'string') reads.set(name, read);
  }
  return reads;
}

function readOne(
  facts: AttributeFacts,
  name: string,
  trait: Trait,
  use: DataUse,
  now: Instant,
): AttributeRead | WithholdReason {
  const { value, at, source } = trait;
  const declared = getOwn(facts.attributes, name);
  if (!declared) return { value, at, source, party: 'first', stale: false, permission: 'undeclared' };
  const withheld = forbids(facts, declared, source, use);
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

/** A value that came from elsewhere before its source was declared isn't the truth that was declared. */
function forbids(
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

/** How personal it may get: what the customer chose, else the workspace's level. */
function levelOf(facts: AttributeFacts): number {
  return facts.profile.personalisation?.level ?? facts.personalisation;
}

/** What a journey has set comes from us, whoever else may say it. */
function partyOf(declared: AttributeDef, source: string): string {
  return source.startsWith('journey:') ? 'first' : declared.party;
}
