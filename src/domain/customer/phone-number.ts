import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js';
import { toAsciiDigits } from '../values/ascii-digits.ts';

/** A plus sign and 15 digits (E.164). */
const LONGEST_NUMBER = 16;

/** Whether this is a country (ISO 3166, `DE`) whose numbering plan is known. */
export function isPhoneCountry(code: string): boolean {
  return isSupportedCountry(code);
}

/**
 * A phone number as E.164 (`+` and digits), in whatever notation and script it comes. Undefined for anything else: a
 * list of numbers, an extension, a number of one repeated digit. Some senders send numbers as numbers.
 * @param country whose national notation is understood (ISO 3166); without it only international notation is
 */
export function readPhoneNumber(value: unknown, country?: string): string | undefined {
  const text = cleanNumber(value);
  if (text === undefined) return undefined;
  const national = country !== undefined && isSupportedCountry(country) ? country : undefined;
  return text.startsWith('+') ? readInternational(text) : readNational(text, national);
}

/**
 * What identifies the owner of a phone number: the number as E.164, or the bare digits where the country of a national
 * number is not known.
 */
export function readPhoneKey(value: unknown, country?: string): string | undefined {
  const number = readPhoneNumber(value, country);
  if (number !== undefined) return number;
  const digits = cleanNumber(value)?.replace(SEPARATORS, '') ?? '';
  return /^\d{4,15}$/.test(digits) && !digits.startsWith('00') && !isRepeated(digits) ? digits : undefined;
}

const SEPARATORS = /[\s()./\p{Pd}]/gu;

/** What people and programs write before a number. */
const LABEL =
  /^(?:tel|telephone|telefon|phone|mobile|mobil|handy|cell|sms|callto|whatsapp)(?:\.\s*:?|:)\s*(?=[+\d(])(?!.*;)/i;

/** A local number with the code of its country beside it, as links write it (RFC 3966). */
const LOCAL_LINK = /^tel:([^;]*);phone-context=(\+[\d.-]+)$/i;

/** With a label, separators and signs that aren't shown. */
const LONGEST_TEXT = 500;

/** The number as one line of ASCII, without invisible characters, a label, quotes and doubled plus signs. */
function cleanNumber(value: unknown): string | undefined {
  if (typeof value !== 'string' && !Number.isSafeInteger(value)) return undefined;
  if (String(value).length > LONGEST_TEXT) return undefined;
  const text = toAsciiDigits(String(value))
    .replace(/\p{Cf}/gu, '')
    .trim()
    // Spreadsheets write '+49170 and ="+49170" to keep a number as text, and 49170.0 if they take it for a number.
    .replace(/^=?["'“”„’]+|["'“”’;,]+$/g, '')
    .replace(/^(\d{5,})\.0+$/, '$1')
    .replace(LOCAL_LINK, '$2 $1')
    .replace(LABEL, '')
    .replace(/[\t_]/g, ' ')
    .replace(/^[([]\s*((?:\+|00)\s*\d{1,3})\s*[)\]]/, '$1 ')
    .replace(/^\+[+\s]*(?:00)?\s*/, '+');
  // libphonenumber reads another context with a regular expression that keeps a state: every second time differently.
  const isReadable = text !== '' && text.length <= 64 && !/^-\d|^0+$|;phone-context/i.test(text);
  return isReadable ? text : undefined;
}

/**
 * An international number. It may be shorter than its country's numbers usually are, since there are short numbers; but
 * never longer.
 */
function readInternational(text: string): string | undefined {
  const parsed = parsePhoneNumberFromString(text, { extract: false });
  if (!parsed || !isUsable(parsed)) return undefined;
  if (parsed.isPossible()) return parsed.number;
  const isShort = parsed.number.length >= 5 && parsed.nationalNumber.length < 9;
  return isShort ? parsed.number : undefined;
}

function readNational(text: string, country: CountryCode | undefined): string | undefined {
  const parsed = country && parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
  const usable = parsed && isUsable(parsed) && parsed.isPossible() ? parsed : undefined;
  const digits = text.replace(SEPARATORS, '');
  if (country && /^\d+$/.test(digits)) {
    const international = readWithoutPlus(digits, country, usable);
    if (international !== undefined) return international;
  }
  if (usable) return usable.number;
  // The usual prefix of international calls, also where another one is in use.
  return /^00\s*[1-9]/.test(text) ? readInternational(text.replace(/^00\s*/, '+')) : undefined;
}

/**
 * An international number whose plus sign is missing, as in a number that was stored as a number. It is one if it begins
 * with the country's code, and cannot be a national number as the country writes them.
 */
function readWithoutPlus(
  digits: string,
  country: CountryCode,
  national: PhoneNumber | undefined,
): string | undefined {
  if (!digits.startsWith(getCountryCallingCode(country))) return undefined;
  if (national && national.formatNational().replace(/\D/g, '') === digits) return undefined;
  const parsed = parsePhoneNumberFromString(`+${digits}`, { extract: false });
  return parsed?.isValid() && isUsable(parsed) ? parsed.number : undefined;
}

/** An extension is part of what identifies its owner, and no message can be sent to it. Nobody has the number 1234567890. */
function isUsable({ ext, nationalNumber, number }: PhoneNumber): boolean {
  const isNobodys = isRepeated(nationalNumber) || /^123456789\d?$/.test(nationalNumber);
  return ext === undefined && !isNobodys && number.length <= LONGEST_NUMBER;
}

/** One digit all the way: what people enter who have no number to give. */
function isRepeated(digits: string): boolean {
  return digits.length > 4 && /^(\d)\1*$/.test(digits);
}
