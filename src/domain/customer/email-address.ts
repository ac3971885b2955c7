import { toASCII } from 'tr46';

/** Longest address that is kept: it becomes part of a database key. */
const LONGEST = 320;

const ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
/** Nearly every address: `local@domain` in ASCII, in lower case. */
const PLAIN = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(${LABEL}(?:\\.${LABEL})*)$`);
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
/** No domain ends with a number: `192.0.2.1` is a host's address. */
const ENDS_IN_NUMBER = /(^|\.)\d+$/;
/** A local part with characters beyond ASCII: letters, digits and signs, but nothing invisible. */
const WIDE_LOCAL = /^(?![^@]*[\p{C}\p{Z}])[^\s@.,;:()[\]<>"\\]+(?:\.[^\s@.,;:()[\]<>"\\]+)*$/u;
const LONGEST_DOMAIN = 253;

/**
 * An e-mail address in canonical form: trimmed, lower case, the domain as punycode. Undefined for text that is not
 * exactly one address: a list, a name with an address, invisible characters, dots in the wrong place, or the beginning of
 * an encoded word (`=?`), which mail programs would show as another address.
 */
export function normaliseEmailAddress(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST) return undefined;
  const address = value.trim().toLowerCase();
  if (address.includes('=?')) return undefined;
  const plain = PLAIN.exec(address);
  if (plain) return isDomain(plain[1] as string) ? address : undefined;
  return normaliseWideAddress(address);
}

/** Whether only a mail server with SMTPUTF8 (RFC 6531) can take the address: its local part is not ASCII. */
export function needsWideMail(address: string): boolean {
  return !/^\p{ASCII}*$/u.test(address);
}

function normaliseWideAddress(address: string): string | undefined {
  const at = address.indexOf('@');
  const local = address.slice(0, at).normalize('NFC');
  if (at < 1 || !WIDE_LOCAL.test(local)) return undefined;
  const domain = readDomain(address.slice(at + 1));
  if (domain === undefined) return undefined;
  const canonical = `${local}@${domain}`;
  return canonical.length <= LONGEST ? canonical : undefined;
}

/** A domain as punycode (UTS 46). Invisible characters are refused, which the mapping would remove. */
function readDomain(text: string): string | undefined {
  if (/(?![\u200c\u200d])[\p{C}\p{Z}]/u.test(text)) return undefined;
  const ascii = toASCII(text, { checkBidi: true, checkJoiners: true, verifyDNSLength: true });
  return ascii !== null && DOMAIN.test(ascii) && isDomain(ascii) ? ascii : undefined;
}

function isDomain(name: string): boolean {
  return name.length <= LONGEST_DOMAIN && !ENDS_IN_NUMBER.test(name);
}
