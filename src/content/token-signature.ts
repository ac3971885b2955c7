import { createHmac, timingSafeEqual } from 'node:crypto';

/** The secret that signs links, and the one before it, whose links stay valid. */
export interface LinkSecrets {
  secret: string;
  previousSecret?: string | null | undefined;
}

const SIGNATURE_LENGTH = 32;

/** Signs the claims of a token for one purpose: a token of another purpose has another signature. */
export function signClaims(purpose: string, claims: string, secret: string): string {
  return computeHash(`${purpose}:${claims}`, secret).slice(0, SIGNATURE_LENGTH);
}

/** The secret that the claims were signed with; undefined if it is none of these. */
export function findSigningSecret(
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
