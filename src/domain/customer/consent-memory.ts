import type { JourneyEvent } from '../event.ts';
import { getOwn } from '../values/get-own.ts';
import { hash32 } from '../values/hash.ts';
import {
  type Consent,
  isDirectSource,
  isOwnStatement,
  readPreferences,
  readStatedConsent,
  serializeScope,
} from './consent.ts';
import { addStatement, mergeRuns, type Run, type Statement } from './consent-runs.ts';

/**
 * What each speaker has said about consent. A speaker is a device (anonymous id), else a source. Libraries repeat their
 * banner's answer with every call, so only what differs from what the same speaker said before is news.
 */
export interface ConsentMemory {
  /** By speaker and scope. */
  said: Record<string, Record<string, Run[]>>;
  /** A "yes" was dropped for lack of room, so the first "yes" of an unknown speaker may be a repetition. */
  hasForgotten: boolean;
}

type SpokenEvent = Pick<
  JourneyEvent,
  'name' | 'properties' | 'context' | 'at' | 'seq' | 'source' | 'anonymousId'
> & {
  /** What the event's device has said as another customer, such as the visitor who now logs in. */
  saidElsewhere?: ConsentMemory;
};

/** Most statements (speakers times scopes) that are remembered. */
export const KEPT_STATEMENTS = 200;

export function emptyConsentMemory(): ConsentMemory {
  return { said: {}, hasForgotten: false };
}

/**
 * Remembers, in place, what an event says about consent, and returns the consents that are news. What customers choose
 * on their own page or say in a message, or support records for them, is always news and is not remembered.
 *
 * An event that arrives late may show that a speaker changed its mind earlier. Then later statements get a row again,
 * with their own times; `resolveConsent` passes over rows that have become repetitions.
 */
export function recallConsents(memory: ConsentMemory, event: SpokenEvent): Consent[] {
  const elsewhere = event.saidElsewhere;
  const stated = readStatedConsent(event);
  if (isDirectSource(event.source) || isOwnStatement(event)) return stated ? [stated] : [];
  const news = stated ? recall(memory, stated, nameSpeaker(event, ACT), elsewhere) : [];
  for (const preference of readPreferences(event)) {
    const added = recall(memory, preference, nameSpeaker(event, BANNER), elsewhere);
    // Beside a statement of its own, an event repeats its banner's answer. For the same scope the statement counts.
    if (!stated || serializeScope(stated) !== serializeScope(preference)) news.push(...added);
  }
  forgetBeyondRoom(memory);
  return news;
}

/** What either customer's speakers said. The same speaker may have spoken of both. */
export function mergeConsentMemories(a: ConsentMemory, b: ConsentMemory): ConsentMemory {
  const merged: ConsentMemory = {
    said: structuredClone(a.said),
    hasForgotten: a.hasForgotten || b.hasForgotten,
  };
  for (const { speaker, scope, runs } of listStatements(b)) {
    const known = findRuns(merged, speaker, scope);
    remember(merged, speaker, scope, known ? mergeRuns(known, runs, isDevice(speaker)) : [...runs]);
  }
  forgetBeyondRoom(merged);
  return merged;
}

/** A banner's answer, repeated with every call. */
const BANNER = '';
/** `Consent Changed`, which says that something changed. */
const ACT = '.act';

/** `{device}.{source}`, hashed. The device is empty for a server, which speaks of its source's customers. */
function nameSpeaker({ anonymousId, source }: SpokenEvent, kind: string): string {
  const device = !anonymousId ? '' : hash32(anonymousId).toString(36);
  return `${device}.${hash32(source).toString(36)}${kind}`;
}

/** Whether a device said it, through any source. */
export function saidByDevice(
  speaker: string | null | undefined,
  anonymousId: string | null | undefined,
): boolean {
  if (!speaker || !anonymousId) return false;
  return speaker.startsWith(`${hash32(anonymousId).toString(36)}.`);
}

/** Whether a speaker is a device, and not a server. */
export function isDevice(speaker: string): boolean {
  return !speaker.startsWith('.');
}

function recall(
  memory: ConsentMemory,
  consent: Consent,
  speaker: string,
  elsewhere: ConsentMemory | undefined,
): Consent[] {
  const scope = serializeScope(consent);
  const known = recallRuns(memory, speaker, scope);
  const [runs, news] = known
    ? addStatement(known, consent)
    : addFirst(consent, elsewhere && recallRuns(elsewhere, speaker, scope));
  remember(memory, speaker, scope, runs);
  if (!known && memory.hasForgotten && consent.status === 'granted') return [];
  return news.map((statement) => ({ ...consent, ...statement, speaker }));
}

/**
 * Adds the first statement of a device. A "yes" that it says as another customer, too, is as old as it is there: so
 * it lifts no withdrawal that came since.
 */
function addFirst(consent: Consent, elsewhere: Run[] | undefined): [Run[], Statement[]] {
  const before = elsewhere?.at(-1);
  const isOlder = before?.status === 'granted' && consent.status === 'granted' && before.since < consent.at;
  if (!isOlder) return addStatement([], consent);
  const [runs, news] = addStatement([], { status: 'granted', at: before.since });
  return [addStatement(runs, consent)[0], news];
}

function recallRuns(memory: ConsentMemory, speaker: string, scope: string): Run[] | undefined {
  return findRuns(memory, speaker, scope) ?? findKinRuns(memory, speaker, scope);
}

function findRuns({ said }: ConsentMemory, speaker: string, scope: string): Run[] | undefined {
  const ofSpeaker = getOwn(said, speaker);
  return ofSpeaker && getOwn(ofSpeaker, scope);
}

/**
 * What a speaker that has said nothing yet is known to think: what the same device said through another source, or the
 * same speaker by `Consent Changed`.
 */
function findKinRuns(memory: ConsentMemory, speaker: string, scope: string): Run[] | undefined {
  const kind = speaker.endsWith(ACT) ? ACT : BANNER;
  const device = speaker.slice(0, speaker.indexOf('.') + 1);
  const ofDevice = isDevice(speaker)
    ? Object.keys(memory.said)
        .filter((other) => other.startsWith(device) && other.endsWith(ACT) === (kind === ACT))
        .flatMap((other) => findRuns(memory, other, scope) ?? [])
    : [];
  const latest = ofDevice.sort((a, b) => a.until - b.until).at(-1);
  if (latest) return [latest];
  return kind === BANNER ? findRuns(memory, speaker + ACT, scope) : undefined;
}

function remember({ said }: ConsentMemory, speaker: string, scope: string, runs: Run[]): void {
  said[speaker] ??= {};
  said[speaker][scope] = runs;
}

function listStatements({ said }: ConsentMemory) {
  return Object.entries(said).flatMap(([speaker, scopes]) =>
    Object.entries(scopes).map(([scope, runs]) => ({ speaker, scope, runs })),
  );
}

/**
 * Drops what was said longest ago, a "no" before a "yes": a forgotten "no" can only be repeated, but a forgotten "yes"
 * could lift a withdrawal.
 */
function forgetBeyondRoom(memory: ConsentMemory): void {
  const statements = listStatements(memory);
  const excess = statements.length - KEPT_STATEMENTS;
  if (excess <= 0) return;
  const isGrant = (runs: Run[]) => runs.at(-1)?.status === 'granted';
  const time = (runs: Run[]) => runs.at(-1)?.until ?? 0;
  statements.sort((a, b) => Number(isGrant(a.runs)) - Number(isGrant(b.runs)) || time(a.runs) - time(b.runs));
  for (const { speaker, scope, runs } of statements.slice(0, excess)) {
    memory.hasForgotten ||= isGrant(runs);
    const scopes = memory.said[speaker] as Record<string, Run[]>;
    delete scopes[scope];
    if (Object.keys(scopes).length === 0) delete memory.said[speaker];
  }
}
