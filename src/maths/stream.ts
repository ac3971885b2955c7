import { digestText } from './digest.ts';
import { normalQuantile } from './normal.ts';
import { type Block, permuteBlock } from './philox.ts';

/**
 * A stream of random numbers that depend only on a seed and on their position, so that every engine gives the same
 * numbers, and a decision can be repeated. Not for secrets.
 */
export interface RandomStream {
  /** A uniform number in [0, 1), with 53 bits. */
  uniform(): number;
  /** A standard normal number. */
  normal(): number;
  /** 32 random bits, as an unsigned integer. */
  word(): number;
  /** Creates an independent stream. It depends on the seed and the name, not on the numbers drawn before. */
  fork(name: string): RandomStream;
  /** 128 bits derived from the seed and the names, for drawing many numbers at once (coarse-normals.ts). */
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
  /** 53 random bits, as an integer. */
  const wide = () => (word() >>> 5) * 67108864 + (word() >>> 6);

  return {
    word,
    uniform: () => wide() / 9007199254740992,
    // The middle of a cell, because the quantiles of 0 and 1 are infinite.
    normal: () => normalQuantile((wide() + 0.5) / 9007199254740992),
    key,
    fork: (name) => streamOf(digestText(key, name)),
  };
}
