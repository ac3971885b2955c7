import { normalQuantile } from './normal.ts';
import { type Block, permuteBlock } from './philox.ts';

/** Quantiles of the standard normal, one picked by ten random bits: as good as the function where only ranks count. */
const CELLS = 1024;
const BITS = 10;
const NORMALS = Float64Array.from({ length: CELLS }, (_, i) => normalQuantile((i + 0.5) / CELLS));

/** Reused by every call, which leaves nothing in it. */
const block: Block = new Uint32Array(4);

/**
 * Puts `count` normals into `out` that depend on nothing but key, tag and position: three of each random word. So what
 * has a tag of its own has numbers of its own, whoever else draws.
 */
export function coarseNormals(out: Float64Array, count: number, key: Readonly<Block>, tag: Block): void {
  // As signed numbers, which engines needn't box.
  const key0 = (key[0] as number) | 0;
  const key1 = (key[1] as number) | 0;
  let at = 0;
  for (let counter = 0; at < count; counter++) {
    block[0] = counter;
    block[1] = tag[1] as number;
    block[2] = tag[2] as number;
    block[3] = tag[3] as number;
    permuteBlock(block, key0, key1);
    for (let word = 0; word < 4 && at < count; word++) {
      let bits = block[word] as number;
      for (const until = Math.min(at + 3, count); at < until; at++) {
        out[at] = NORMALS[bits & (CELLS - 1)] as number;
        bits >>>= BITS;
      }
    }
  }
}
