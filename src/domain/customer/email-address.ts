/** An e-mail address in the form that it is compared in, if it could be one. */
export function normaliseEmailAddress(value: unknown): string | undefined {
  return typeof value === 'string' && /^[^\s@<>"]+@[^\s@<>"]+$/.test(value.trim())
    ? value.trim().toLowerCase()
    : undefined;
}
