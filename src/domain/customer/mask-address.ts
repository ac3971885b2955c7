const MASK = '•••';

/**
 * An address that its owner recognises and nobody else can use: `h•••@e•••.com`, `+49 ••• 67`. Null for what is neither a
 * mail address nor a phone number, such as the token of a device.
 */
export function maskAddress(address: string): string | null {
  if (/^\+\d{6,}$/.test(address)) return `${address.slice(0, 3)} ${MASK} ${address.slice(-2)}`;
  const at = address.lastIndexOf('@');
  if (at < 1) return null;
  const domain = address.slice(at + 1);
  const dot = domain.lastIndexOf('.');
  const ending = dot < 1 ? '' : domain.slice(dot);
  return `${firstSign(address)}${MASK}@${firstSign(domain)}${MASK}${ending}`;
}

/** A whole character, also of those that take two code units. */
function firstSign(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0x2022);
}
