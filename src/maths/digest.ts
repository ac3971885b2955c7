import { type Block, permuteBlock } from './philox.ts';

/** 128 bits of a text, from a beginning: eight code units at a time go through the permutation, its length last. */
export function digestText(start: Block, text: string): Block {
  const state = new Uint32Array(start);
  for (let at = 0; at < text.length; at += 8) {
    for (let lane = 0; lane < 4; lane++) {
      const low = at + 2 * lane;
      // charCodeAt is NaN behind the end, and NaN | 0 is 0.
      const pair = text.charCodeAt(low) | 0 | (text.charCodeAt(low + 1) << 16);
      state[lane] = (state[lane] as number) ^ pair;
    }
    permuteBlock(state, 0x9e3779b9, 0xbb67ae85);
  }
  state[0] = (state[0] as number) ^ text.length;
  permuteBlock(state, 0xbb67ae85, 0x9e3779b9);
  return state;
}

/** 32 hexadecimal digits that tell one content from another; no protection against somebody who wants them equal. */
export function fingerprintContent(content: unknown): string {
  const words = digestText(new Uint32Array(4), JSON.stringify(content));
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
}
