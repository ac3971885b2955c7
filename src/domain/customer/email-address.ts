/** An e-mail address in canonical form (trimmed, lower case); undefined for text that has not the form of one. */
export function normaliseEmailAddress(value: unknown): string | undefined {
  return typeof value === 'string' && /^[^\s@<>"]+@[^\s@<>"]+$/.test(value.trim())
    ? value.trim().toLowerCase()
    : undefined;
}
