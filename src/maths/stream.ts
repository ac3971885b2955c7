import { digestText } from './digest.ts';
import { normalQuantile } from './normal.ts';
import { type Block, permuteBlock } from './philox.ts';

/**
 * Random numbers that depend on nothing but a seed and their position: the same on every engine, and any of them can
 * be had again. Not for secrets.
 */
export interface RandomStream {
  /** In [0, 1), with 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** 32 random bits, as a whole number from 0 up. */
  word(): number;
  /** A stream of its own. It depends on the seed and the name, not on how much was drawn. */
  fork(name: string): RandomStream;
  /** 128 bits that stand for seed and names: for numbers that are made in bulk (coarse-normals.ts). */
  key: Readonly<Block>;
}

export function createStream(seed: string): RandomStream {
  return streamOf(digestText(new Uint32Array(4), seed));
}

function streamOf(key: Block): RandomStream {
  const block: Block = new Uint32Array(4);
  let counter = 0;
  let used = 4;

  function word(): number {
    if (used === 4) {
      block[0] = counter;
      block[1] = Math.floor(counter / 4294967296);
      block[2] = key[2] as number;
      block[3] = key[3] as number;
      permuteBlock(block, key[0] as number, key[1] as number);
      counter += 1;
      used = 0;
    }
    return block[used++] as number;
  }
  /** 53 bits as a whole number. */
  const wide = () => (word() >>> 5) * 67108864 + (word() >>> 6);

  return {
    word,
    uniform: () => wide() / 9007199254740992,
    // In the middle of its cell, so that neither 0 nor 1 is asked for.
    normal: () => normalQuantile((wide() + 0.5) / 9007199254740992),
    key,
    fork: (name) => streamOf(digestText(key, name)),
  };
}
