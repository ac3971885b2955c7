import { createHmac, timingSafeEqual } from 'node:crypto';

/** The secret that signs links, and the one before it, whose links stay valid. */
export interface LinkSecrets {
  secret: string;
  previousSecret?: string | null | undefined;
}

const SIGNATURE_LENGTH = 32;

/** A token whose signature is genuine. */
interface SignedToken {
  claims: string[];
  /** The secret that it was signed with. */
  signedWith: string;
}

/** Writes a token for one purpose: its claims, and their signature. No claim may contain a full stop. */
export function writeToken(purpose: string, claims: readonly string[], secret: string): string {
  const text = claims.join('.');
  return `${text}.${signClaims(purpose, text, secret)}`;
}

/** Reads a token; null if it is of another purpose, or wasn't made with one of these secrets. */
export function readToken(purpose: string, token: string, secrets: LinkSecrets): SignedToken | null {
  const claims = token.split('.');
  const signature = claims.pop() ?? '';
  const signedWith = findSigningSecret(purpose, { claims: claims.join('.'), signature }, secrets);
  return signedWith === undefined ? null : { claims, signedWith };
}

/** Signs the claims of a token for one purpose: a token of another purpose has another signature. */
function signClaims(purpose: string, claims: string, secret: string): string {
  return computeHash(`${purpose}:${claims}`, secret).slice(0, SIGNATURE_LENGTH);
}

/** The secret that the claims were signed with; undefined if it is none of these. */
function findSigningSecret(
  purpose: string,
  { claims, signature }: { claims: string; signature: string },
  { secret, previousSecret }: LinkSecrets,
): string | undefined {
  const secrets = previousSecret ? [secret, previousSecret] : [secret];
  // Each is compared, so that the time tells nothing.
  const [signedWith] = secrets.filter((known) => isEqual(signature, signClaims(purpose, claims, known)));
  return signedWith;
}

/** Compares in a time that depends on the lengths alone. */
export function isEqual(actual: string, expected: string): boolean {
  const [a, b] = [Buffer.from(actual), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export function computeHash(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}
