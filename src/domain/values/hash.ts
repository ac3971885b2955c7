/**
 * 32-bit hash of a string: FNV-1a over UTF-16 code units, then the finalizer of MurmurHash3 (public domain). It uses
 * integer operations only, so that every JavaScript engine gives the same result (I7).
 */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A stable bucket 0…9999, for holdouts and shares. */
export function bucket(...parts: string[]): number {
  return hash32(parts.join('\u0001')) % 10_000;
}
