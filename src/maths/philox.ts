/** Four unsigned integers of 32 bits. */
export type Block = Uint32Array;

/**
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", 2011): maps a counter of
 * 128 bits to 128 random bits under a key of 64 bits, in place. For one key, different counters give different results.
 */
export function permuteBlock(block: Block, key0: number, key1: number): void {
  let c0 = block[0] as number;
  let c1 = block[1] as number;
  let c2 = block[2] as number;
  let c3 = block[3] as number;
  let k0 = key0;
  let k1 = key1;
  for (let round = 0; round < 10; round++) {
    const high0 = highWord(c0, 0xd251, 0x1f53);
    const high2 = highWord(c2, 0xcd9e, 0x8d57);
    const low0 = Math.imul(c0, 0xd2511f53);
    const low2 = Math.imul(c2, 0xcd9e8d57);
    c0 = high2 ^ c1 ^ k0;
    c1 = low2;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  block[0] = c0;
  block[1] = c1;
  block[2] = c2;
  block[3] = c3;
}

/** The upper 32 bits of c times a multiplier, which is given as two halves of 16 bits. */
function highWord(c: number, high: number, low: number): number {
  const cLow = c & 0xffff;
  const cHigh = c >>> 16;
  const middle = Math.imul(cHigh, low) + (Math.imul(cLow, low) >>> 16);
  const other = Math.imul(cLow, high) + (middle & 0xffff);
  return (Math.imul(cHigh, high) + (middle >>> 16) + (other >>> 16)) | 0;
}
