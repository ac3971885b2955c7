import { setTimeout as sleep } from 'node:timers/promises';
import type { Tx } from '../../../db/client.ts';
import { readDatabaseTime, readSourceActivity, type SourceActivity } from '../../../db/sources/activity.ts';
import { findHeardEvents, findHeardRejections, type HeardEvent } from '../../../db/sources/heard-events.ts';
import type { SourceOutcome } from '../../domain/source-outcome.ts';
import { describeEvent } from '../../sentences/describe-event.ts';
import { createTerminalSentences } from '../customer/print.ts';

/** How the wait for a source ended. */
export type WatchResult = 'understood' | 'nothing' | 'stopped';

export interface WatchOptions {
  workspace: string;
  source: string;
  /** How long it waits. */
  waitMs: number;
  pollMs: number;
  /** Aborted when the user asks to stop. */
  signal: AbortSignal;
  print(line: string): void;
}

/**
 * Waits until a source has sent something that was understood, and says what it was in sentences. What was refused,
 * rejected or ignored meanwhile is said, too.
 */
export async function watchSource(tx: Tx, options: WatchOptions): Promise<WatchResult> {
  const { workspace, source, signal, print } = options;
  const since = await readDatabaseTime(tx);
  const until = performance.now() + options.waitMs;
  const printed = new Set<string>();
  const printOnce = (key: string, line: string) => {
    if (printed.has(key)) return;
    printed.add(key);
    print(line);
  };
  while (!signal.aborted) {
    const query = { workspace, source, since };
    const before = printed.size;
    const activity = await readSourceActivity(tx, query);
    for (const event of await findHeardEvents(tx, query)) printOnce(event.id, describeHeard(event));
    for (const { id, reason } of await findHeardRejections(tx, query))
      printOnce(id, `rejected, and kept to be read again: ${reason}`);
    for (const heard of activity) {
      const line = describeOutcome(heard);
      if (line !== null) printOnce(`${heard.outcome} ${heard.at}`, line);
    }
    const isUnderstood = activity.some(({ outcome }) => UNDERSTOOD.includes(outcome));
    // What came since the last look is part of the same trial, so it ends with a look that finds nothing new.
    if (isUnderstood && printed.size === before) return 'understood';
    if (!isUnderstood && performance.now() >= until) return 'nothing';
    await sleep(options.pollMs, undefined, { signal }).catch(() => {});
  }
  return 'stopped';
}

const UNDERSTOOD: readonly SourceOutcome[] = ['accepted', 'repeated'];

/** `helen@example.com: ticket 35436 opened (high): It leaks` */
function describeHeard({ name, properties, traits, customer }: HeardEvent): string {
  const sentences = createTerminalSentences(null);
  const message = describeEvent(name, { ...properties, traits });
  return `${customer.replaceAll(/\p{C}/gu, '')}: ${sentences.write(message)}`;
}

/** What a request became that left no event and no rejection. */
function describeOutcome({ outcome, reason }: SourceActivity): string | null {
  const why = reason === null ? '' : `: ${reason}`;
  switch (outcome) {
    case 'refused':
      return `refused as forged${why}`;
    case 'ignored':
      return `a genuine request arrived that means nothing to journeys${why}`;
    case 'repeated':
      return 'a request arrived that was known already';
    case 'limited':
      return 'requests arrive faster than this source may send';
    case 'accepted':
    case 'unreadable':
      return null;
  }
}
