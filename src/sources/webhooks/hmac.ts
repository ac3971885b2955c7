import { createHmac, timingSafeEqual } from 'node:crypto';

/** How a vendor computes a signature. */
export interface HmacScheme {
  algorithm: 'sha256' | 'sha1';
  encoding: 'base64' | 'hex';
}

/**
 * Whether one of the signatures is that of one of the keys over the parts, one after the other. Takes the same time
 * wherever a signature differs, and computes every key's, so that the time tells nothing. Never throws.
 *
 * @param signatures as sent, without prefix; several where the sender rotates its secret
 * @param keys the live secrets: text as it is, or decoded bytes
 */
export function hasHmac(
  { algorithm, encoding }: HmacScheme,
  parts: readonly (string | Buffer)[],
  signatures: readonly string[],
  keys: readonly (string | Buffer)[],
): boolean {
  let found = false;
  for (const key of keys) {
    const hmac = createHmac(algorithm, key);
    for (const part of parts) hmac.update(part);
    const expected = hmac.digest(encoding);
    for (const signature of signatures)
      found = isEqualText(normalize(signature, encoding), expected) || found;
  }
  return found;
}

/** Whether a secret that was sent as it is, such as a token in a header, is one of the live ones. */
export function isLiveSecret(sent: string | undefined, secrets: readonly string[]): boolean {
  // A digest has always the same length, so that the time does not tell the length of a secret.
  const digest = (text: string) => createHmac('sha256', 'throughline').update(text).digest();
  const given = digest(sent ?? '');
  let found = false;
  for (const secret of secrets) found = timingSafeEqual(given, digest(secret)) || found;
  return found && sent !== undefined;
}

/** The first value of a header; undefined if it is missing. */
export function readHeader(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  name: string,
): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function isEqualText(sent: string, expected: string): boolean {
  const [given, own] = [Buffer.from(sent), Buffer.from(expected)];
  return given.length === own.length && timingSafeEqual(given, own);
}

/** Hex in either case; white space around is not part of a signature. */
function normalize(signature: string, encoding: HmacScheme['encoding']): string {
  const trimmed = signature.trim();
  return encoding === 'hex' ? trimmed.toLowerCase() : trimmed;
}
