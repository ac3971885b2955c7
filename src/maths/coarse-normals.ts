import { normalQuantile } from './normal.ts';
import { type Block, permuteBlock } from './philox.ts';

/**
 * Quantiles of the standard normal; ten random bits pick one. As good as the exact function where only the order of
 * samples matters.
 */
const CELLS = 1024;
const BITS = 10;
const NORMALS = Float64Array.from({ length: CELLS }, (_, i) => normalQuantile((i + 0.5) / CELLS));

/** A scratch block, reused by every call. */
const block: Block = new Uint32Array(4);

/**
 * Writes `count` standard normals into `out`, three from each random word. They depend only on key, tag and position, so
 * each tag has its own numbers, whatever other tags are used.
 */
export function coarseNormals(out: Float64Array, count: number, key: Readonly<Block>, tag: Block): void {
  // As signed 32-bit integers, which engines store without allocation.
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
