import { listChannels, normaliseAddress } from './customer/address.ts';
import {
  ALL_PURPOSES,
  type Consent,
  readConsents,
  readPreferences,
  readStatedConsent,
  resolveConsent,
} from './customer/consent.ts';
import { saidByDevice } from './customer/consent-memory.ts';
import { readConsentName } from './customer/consent-word.ts';
import { type Profile, readTrait } from './customer/profile.ts';
import type { AttributeDef, BrowserStatement, WorkspaceDef } from './definition.ts';
import type { JourneyEvent } from './event.ts';
import { type Note, writeNote } from './note.ts';
import { getOwn } from './values/get-own.ts';
import { isObject } from './values/json-object.ts';

type Open = Pick<WorkspaceDef, 'browserKeys'> | undefined;

/** Whether the workspace lets browser keys state this. */
export function mayBrowserState(workspace: Open, what: BrowserStatement): boolean {
  return workspace?.browserKeys?.includes(what) ?? false;
}

/** Segment's steps of a checkout that are named like facts of a shop and are behaviour. */
const BEHAVIOUR: ReadonlySet<string> = new Set(['payment info entered']);
const PREFIXES: readonly [string, BrowserStatement][] = [
  ['ticket ', 'tickets'],
  ['order ', 'orders'],
  ['payment ', 'payments'],
  ['refund ', 'payments'],
];

/** What the event as a whole states that a browser key must not; null: it is behaviour, or about the customer. */
export function findGuardedStatement({
  type,
  name,
}: Pick<JourneyEvent, 'type' | 'name'>): BrowserStatement | null {
  if (type === 'group') return 'groups';
  if (type !== 'track') return null;
  const folded = name.trim().toLowerCase();
  if (BEHAVIOUR.has(folded)) return null;
  return PREFIXES.find(([prefix]) => folded.startsWith(prefix))?.[1] ?? null;
}

type SentEvent = Pick<
  JourneyEvent,
  'type' | 'name' | 'at' | 'source' | 'properties' | 'traits' | 'context'
> & { anonymousId?: string | null };

/** What is known of the customer of an event. */
export interface KnownOfCustomer {
  profile: Profile;
  consents: readonly Consent[];
  workspace: WorkspaceDef | undefined;
  attributes: Record<string, AttributeDef>;
  /** Traits of the event whose values identify another customer. */
  foreign: readonly string[];
  /** The event names its customer by an address alone, so that nothing of it counts but a withdrawal. */
  isAddressOnly: boolean;
}

/** An event without what a browser key must not state. */
export interface ProvenPart<E> {
  event: E;
  /** The values that do not count, by path. */
  withheld: Record<string, unknown>;
  notes: Note[];
  /** Traits with addresses that nobody but the browser has stated. */
  unproven: string[];
}

/**
 * Withholds from an event of a browser key what needs proof: another address than the known one, an address that
 * identifies another customer, a grant of what somebody else has withdrawn, and an account. A withdrawal always counts.
 */
export function withholdUnproven<E extends SentEvent>(event: E, known: KnownOfCustomer): ProvenPart<E> {
  const withheld: Record<string, unknown> = {};
  const notes: Note[] = [];
  const unproven = new Set<string>();
  const withhold = (path: string, value: unknown) => {
    withheld[path] = value;
    notes.push(writeNote('needs_proof', path, null));
  };
  let { traits, context } = event;

  if (!mayBrowserState(known.workspace, 'addresses')) {
    const screen = (values: Record<string, unknown>, path: string) => {
      if (known.isAddressOnly) {
        for (const [name, value] of Object.entries(values)) withhold(`${path}.${name}`, value);
        return {};
      }
      const kept = { ...values };
      for (const [name, judgement] of judgeAddresses(values, event.source, known)) {
        if (judgement === 'new') unproven.add(name);
        else delete kept[name];
        if (judgement === 'withheld') withhold(`${path}.${name}`, values[name]);
      }
      return kept;
    };
    if (event.type === 'identify') traits = screen(traits, 'traits');
    if (isObject(context.traits)) context = { ...context, traits: screen(context.traits, 'context.traits') };
  }
  if (context.groupId !== undefined && !mayBrowserState(known.workspace, 'groups')) {
    const { groupId, ...rest } = context;
    context = rest;
    withhold('context.groupId', groupId);
  }
  let { properties } = event;
  if (!mayBrowserState(known.workspace, 'consents')) {
    const isRefused = createGrantCheck(event, known);
    const statement = { ...event, seq: 0 };
    const stated = readStatedConsent(statement);
    if (stated && isRefused(stated)) {
      const { status, ...rest } = properties;
      properties = rest;
      withhold('properties.status', status);
    }
    const read = readPreferences(statement);
    const refused = new Set(read.filter(isRefused).map(({ purpose }) => purpose));
    if (refused.size > 0) {
      const consent = context.consent as { categoryPreferences: Record<string, unknown> };
      // Purposes that were not read, because there are too many, are not read in place of the refused ones.
      const counting = new Set(read.map(({ purpose }) => purpose).filter((purpose) => !refused.has(purpose)));
      const entries = Object.entries(consent.categoryPreferences);
      const isCounting = ([key]: [string, unknown]) => counting.has(readConsentName(key) ?? '');
      for (const entry of entries)
        if (refused.has(readConsentName(entry[0]) ?? ''))
          withhold(`context.consent.categoryPreferences.${entry[0]}`, entry[1]);
      const kept = Object.fromEntries(entries.filter(isCounting));
      context = { ...context, consent: { ...consent, categoryPreferences: kept } };
    }
  }
  return {
    event: { ...event, traits, context, properties },
    withheld,
    notes,
    unproven: [...unproven],
  };
}

/** Whether the event withdraws a consent: that is obeyed from every sender. */
export function withdrawsConsent(event: Pick<SentEvent, 'name' | 'properties' | 'context'>): boolean {
  const consents = readConsents({ ...event, at: 0, seq: 0, source: '' });
  return consents.some(({ status }) => status === 'withdrawn');
}

/** `same`: as it is known, so that nothing changes. `new`: nothing was known. */
type Judgement = 'same' | 'new' | 'withheld';

function judgeAddresses(
  values: Record<string, unknown>,
  source: string,
  { profile, workspace, attributes, foreign }: KnownOfCustomer,
): [string, Judgement][] {
  const judged = new Map<string, Judgement>();
  for (const channel of [...listChannels(workspace), PHONE]) {
    const name = channel.address;
    if (name === null || judged.has(name) || !Object.hasOwn(values, name)) continue;
    const declared = getOwn(attributes, name)?.source ?? null;
    // Of a declared attribute only the values of its source are read at all.
    if (declared !== null && declared === source) continue;
    const read = (value: unknown) => normaliseAddress(value, channel, workspace?.country);
    const [before, value] = [readTrait(profile, name), values[name]];
    if (isBlank(before)) judged.set(name, foreign.includes(name) ? 'withheld' : 'new');
    else {
      const isSame = before === value || (read(before) !== undefined && read(before) === read(value));
      judged.set(name, isSame ? 'same' : 'withheld');
    }
  }
  return [...judged];
}

/** Customers are known by their phone number, also where no channel uses it. */
const PHONE = { via: 'webhook', address: 'phone' } as const;

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** Tells which statements grant what anybody but the same device has withdrawn. */
function createGrantCheck(
  { anonymousId }: SentEvent,
  { consents, isAddressOnly }: KnownOfCustomer,
): (stated: Consent) => boolean {
  const others = consents.filter(({ speaker }) => !saidByDevice(speaker, anonymousId));
  return (stated) =>
    stated.status === 'granted' &&
    (isAddressOnly || others.some((other) => isStillWithdrawn(other, stated, others)));
}

/** Whether what the grant and the withdrawal have in common is withdrawn. */
function isStillWithdrawn(withdrawal: Consent, grant: Consent, all: Consent[]): boolean {
  if (withdrawal.status !== 'withdrawn') return false;
  const purpose = ALL_PURPOSES.includes(grant.purpose) ? withdrawal.purpose : grant.purpose;
  if (withdrawal.purpose !== purpose && !ALL_PURPOSES.includes(withdrawal.purpose)) return false;
  const channel = narrow(grant.channel, withdrawal.channel);
  const topic = narrow(grant.topic, withdrawal.topic);
  if (channel === undefined || topic === undefined) return false;
  return resolveConsent(all, purpose, channel, topic)?.status === 'withdrawn';
}

function narrow(a: string, b: string): string | undefined {
  if (a === '*') return b;
  return b === '*' || a === b ? a : undefined;
}
