import type { Harm } from '../../domain/definition.ts';
import { DAY, type Instant, type Millis } from '../../domain/time/time.ts';
import type { GuardrailBlock } from './guardrails.ts';

/** How many customers of an arm something holds of, of those who entered a journey in one week. */
export interface HarmCount {
  journey: string;
  /** Weeks since the first that counts. */
  week: number;
  arm: 'treated' | 'control';
  counted: 'customers' | 'exposed' | Harm;
  count: number;
  /** Days from entry until the action had reached nearly all of the treated whom it did reach; null: nobody. */
  lag: number | null;
}

const WEEK = 7 * DAY;

/**
 * The blocks that a guardrail of an action reads: those who entered one journey in one week, treated against controls
 * **as they were assigned**, whether they were sent anything or not. Who is sent something differs from who isn't: they
 * have no open ticket, stayed for longer, and were picked for it; nobody knows which of the controls they would have
 * been. So comparing those who were sent it with controls is biased, and comparing arms isn't. The price is power: harm
 * is thinned by whoever wasn't sent it. Only weeks count in which the action did go out, and whose last entry's time is
 * over, so that later looks find the same numbers. By when they closed.
 * @param origin when week 0 begins
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
    const block = blocks.get(key) ?? { closedAt, journey, treated: NOBODY, control: NOBODY };
    const counted = what === 'customers' ? { customers: count } : { events: count };
    blocks.set(key, { ...block, [arm]: { ...block[arm], ...counted } });
  }
  return [...blocks.values()]
    .sort((a, b) => a.closedAt - b.closedAt || (a.journey < b.journey ? -1 : 1))
    .map(({ treated, control }) => ({ treated, control }));
}

const NOBODY = { customers: 0, events: 0 };
