import { type Block, permuteBlock } from './philox.ts';

/**
 * Hashes a text into 128 bits, starting from `start`: eight UTF-16 code units at a time pass through the Philox
 * permutation, and the length at the end. Not cryptographic.
 */
export function digestText(start: Block, text: string): Block {
  const state = new Uint32Array(start);
  for (let at = 0; at < text.length; at += 8) {
    for (let lane = 0; lane < 4; lane++) {
      const low = at + 2 * lane;
      // After the end charCodeAt is NaN, and NaN | 0 is 0.
      const pair = text.charCodeAt(low) | 0 | (text.charCodeAt(low + 1) << 16);
      state[lane] = (state[lane] as number) ^ pair;
    }
    permuteBlock(state, 0x9e3779b9, 0xbb67ae85);
  }
  state[0] = (state[0] as number) ^ text.length;
  permuteBlock(state, 0xbb67ae85, 0x9e3779b9);
  return state;
}

/** Hashes a JSON value into 32 hexadecimal digits. Not cryptographic: collisions can be constructed. */
export function fingerprintContent(content: unknown): string {
  const words = digestText(new Uint32Array(4), JSON.stringify(content));
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
}
