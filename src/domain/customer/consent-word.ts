import { EVENT, type JourneyEvent } from '../event.ts';
import { NO_NOTES, type Note, writeNote } from '../note.ts';
import { isObject } from '../values/json-object.ts';
import { isAbsent } from '../values/read-number.ts';
import { foldWord, listWords } from '../values/word.ts';

const GRANTED = listWords(`
  granted, grant, given, yes, true, on, allow, allowed, accept, accepted, agree, agreed, approve, approved, consent,
  consented, consent given, opt in, opted in, double opt in, double opted in, confirmed, subscribe, subscribed,
  resubscribed, enabled, permitted, authorized, authorised,
  ja, erteilt, zugestimmt, eingewilligt, akzeptiert, angenommen, einverstanden, erlaubt, abonniert,
  oui, accordé, accepté, autorisé, consenti, sí, concedido, aceptado, permitido, otorgado, suscrito, accettato, concesso,
  acconsentito, toegestaan, geaccepteerd, verleend, aceito, tak, zgoda, да, согласен, согласие, はい, 同意, 是`);

const WITHDRAWN = listWords(`
  withdrawn, withdraw, withdrew, withheld, revoked, revoke, rescinded, retracted, denied, deny, no, false, off, decline,
  declined, reject, rejected, refuse, refused, object, objected, disagree, disagreed, disallow, disallowed, disabled,
  forbidden, prohibited, opt out, opted out, unsubscribe, unsubscribed, not granted, not given, not allowed, removed,
  cancelled, canceled, suppressed, stop, stopped, do not contact, do not email, complained, expired, never,
  nein, widerrufen, abgelehnt, verweigert, abgemeldet, abbestellt, entzogen, widersprochen, zurückgezogen,
  nicht erteilt, nicht zugestimmt, non, refusé, retiré, révoqué, désabonné, denegado, rechazado, retirado, revocado,
  negado, rifiutato, negato, ritirato, revocato, geweigerd, ingetrokken, afgemeld, nee, recusado, revogado, não, nie, odmowa,
  нет, отозвано, отказ, いいえ, 拒否, 否`);

/**
 * What a word says of a consent. A word that is not known is no statement: neither a grant, which the customer may not
 * have given, nor a withdrawal.
 */
export function readConsentWord(value: unknown): 'granted' | 'withdrawn' | undefined {
  if (typeof value === 'boolean') return value ? 'granted' : 'withdrawn';
  if (typeof value !== 'string') return undefined;
  const word = foldWord(value);
  if (WITHDRAWN.has(word)) return 'withdrawn';
  return GRANTED.has(word) ? 'granted' : undefined;
}

/** The same for a switch: a purpose of a consent object, where 1 and 0 can only mean on and off. */
export function readConsentSwitch(value: unknown): 'granted' | 'withdrawn' | undefined {
  if (value === 1 || value === '1') return 'granted';
  if (value === 0 || value === '0') return 'withdrawn';
  return readConsentWord(value);
}

/** A purpose, channel or topic: definitions write them in small letters. */
export function readConsentName(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const name = String(value).trim().toLowerCase();
  return name === '' ? undefined : name;
}

const CHANNELS: Readonly<Record<string, string>> = {
  email: 'email',
  emails: 'email',
  mail: 'email',
  text: 'sms',
  textmessage: 'sms',
  textmessages: 'sms',
};

/** The id of a channel, however it is written: `E-Mail` is `email`. */
export function readConsentChannel(value: unknown): string | undefined {
  const name = readConsentName(value);
  if (name === undefined || name === '*') return name;
  const word = foldWord(name);
  return Object.hasOwn(CHANNELS, word) ? CHANNELS[word] : name.replace(/[\s-]+/g, '_');
}

/** Purposes of one consent object that are read; of more, those that are withdrawn. */
export const MAX_PURPOSES = 100;

/** Notes what is said of consent and cannot be read. */
export function noteConsents(event: Pick<JourneyEvent, 'name' | 'properties' | 'context'>): readonly Note[] {
  if (event.name === EVENT.consentChanged) return noteStatement(event.properties);
  const { consent } = event.context;
  if (isAbsent(consent)) return NO_NOTES;
  if (!isObject(consent)) return [writeNote('unknown_consent_word', 'context.consent', consent)];
  const { categoryPreferences: preferences } = consent;
  if (preferences === undefined && Object.keys(consent).length > 0)
    return [writeNote('unknown_consent_word', 'context.consent', consent)];
  if (isAbsent(preferences)) return NO_NOTES;
  const field = 'context.consent.categoryPreferences';
  if (!isObject(preferences)) return [writeNote('unknown_consent_word', field, preferences)];
  if (Object.keys(preferences).length > MAX_PURPOSES)
    return [writeNote('too_many_purposes', field, Object.keys(preferences).length)];
  const unknown = Object.entries(preferences).find(
    ([, value]) => value !== null && value !== undefined && readConsentSwitch(value) === undefined,
  );
  if (!unknown) return NO_NOTES;
  const [purpose, value] = unknown;
  return [
    writeNote(
      'unknown_consent_word',
      field,
      `${purpose}: ${typeof value === 'object' ? '…' : String(value)}`,
    ),
  ];
}

function noteStatement({ purpose, status }: Record<string, unknown>): readonly Note[] {
  const notes: Note[] = [];
  if (readConsentName(purpose) === undefined)
    notes.push(writeNote('consent_without_purpose', 'properties.purpose', purpose));
  if (readConsentWord(status) === undefined)
    notes.push(writeNote('unknown_consent_word', 'properties.status', status));
  return notes;
}
