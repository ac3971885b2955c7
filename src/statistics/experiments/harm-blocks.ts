import type { Harm } from '../../domain/definition.ts';
import { DAY, type Instant, type Millis } from '../../domain/time/time.ts';
import type { GuardrailBlock } from './guardrails.ts';

/** A count of customers of one arm, among those who entered one journey in one week. */
export interface HarmCount {
  journey: string;
  /** Number of the week, counted from the origin. */
  week: number;
  arm: 'treated' | 'control';
  counted: 'customers' | 'exposed' | Harm;
  count: number;
  /** Days after entry by which the action had reached nearly all treated customers that it ever reached; null: none. */
  lag: number | null;
}

const WEEK = 7 * DAY;

/**
 * Builds the blocks of an action's guardrail: all who entered one journey in one week, treated against controls **as
 * assigned** (intention to treat), whether a message was sent to them or not. Customers who get a message differ from
 * others: they have no open ticket, stay for longer, and were chosen. It is unknown which controls would have been chosen,
 * so comparing only recipients with controls is biased, and comparing arms isn't. The price is power, because the effect is
 * diluted by treated customers without a message.
 *
 * A week counts only if the action went out in it, and once the time of its last entry is over, so that later checks find
 * the same numbers. Blocks are sorted by the time they closed.
 * @param origin start of week 0
 * @param within how long after a contact a harm counts
 */
export function buildHarmBlocks(
  rows: readonly HarmCount[],
  harm: Harm,
  { origin, within, now }: { origin: Instant; within: Millis; now: Instant },
): GuardrailBlock[] {
  const blocks = new Map<string, GuardrailBlock & { closedAt: Instant; journey: string }>();
  for (const { journey, week, arm, counted: what, count, lag } of rows) {
    if (lag === null || (what !== 'customers' && what !== harm)) continue;
    const closedAt = origin + (week + 1) * WEEK + lag * DAY + within;
    if (closedAt > now) continue;
    const key = `${week}/${journey}`;
    const block = blocks.get(key) ?? { closedAt, journey, treated: NO_CUSTOMERS, control: NO_CUSTOMERS };
    const counted = what === 'customers' ? { customers: count } : { events: count };
    blocks.set(key, { ...block, [arm]: { ...block[arm], ...counted } });
  }
  return [...blocks.values()]
    .sort((a, b) => a.closedAt - b.closedAt || (a.journey < b.journey ? -1 : 1))
    .map(({ treated, control }) => ({ treated, control }));
}

const NO_CUSTOMERS = { customers: 0, events: 0 };
