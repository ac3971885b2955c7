import { hash32 } from '../domain/values/hash.ts';
import type { MintedIds } from './messages.ts';

/** Contents that are counted; their number is part of the input of the next run. */
const MAX_CONTENTS = 1_000;

/**
 * Mints message ids for direct events that bring none: from the chain of runs, the content, and how often the chain has
 * received that content. A reset gives the same signals to a run of the same chain once more, in their order, and so
 * mints the same ids again: the log knows them. Equal content that is sent again, to this run or a later one, is a new
 * event.
 */
export class MessageIds {
  private readonly chainId: string;
  private era: number;
  private counts: Record<string, number>;

  constructor(chainId: string, { era, counts }: MintedIds = { era: 0, counts: {} }) {
    this.chainId = chainId;
    this.era = era;
    this.counts = { ...counts };
  }

  mint(content: string): string {
    const hash = hashContent(content);
    // A new era forgets the counts. So ids are never minted twice, only a reset that goes back to an earlier era doubles.
    if (!(hash in this.counts) && Object.keys(this.counts).length >= MAX_CONTENTS) {
      this.era++;
      this.counts = {};
    }
    const count = this.counts[hash] ?? 0;
    this.counts[hash] = count + 1;
    return `throughline/signal/${this.chainId}/${this.era}/${hash}/${count}`;
  }

  /** What the next run needs to go on counting; undefined before the first id. */
  get minted(): MintedIds | undefined {
    const { era, counts } = this;
    return era === 0 && Object.keys(counts).length === 0 ? undefined : { era, counts };
  }
}

/** 128 bits in 28 letters and digits. */
function hashContent(content: string): string {
  return [1, 2, 3, 4].map((salt) => hash32(`${salt}:${content}`).toString(36).padStart(7, '0')).join('');
}
