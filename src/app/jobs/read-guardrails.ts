import type { Tx } from '../../../db/client.ts';
import {
  countHarms,
  type HarmQuery,
  readReturners,
  readWithdrawers,
} from '../../../db/guardrails/count-harms.ts';
import { readKpiEvents } from '../../../db/reports/value.ts';
import { ALL_PURPOSES, listUnsubscribes } from '../../domain/customer/consent.ts';
import { ORDER_EVENTS } from '../../domain/customer/order-account.ts';
import type { ActionDef, Bundle, Harm, JourneyDef } from '../../domain/definition.ts';
import { DAY, type Instant } from '../../domain/time/time.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import { evaluateGuardrails, type GuardrailReading } from '../../statistics/experiments/guardrails.ts';
import { buildHarmBlocks } from '../../statistics/experiments/harm-blocks.ts';
import { listWholeReturns } from '../../statistics/experiments/kpi-events.ts';

/** The state of one action's guardrails. */
export interface ActionGuardrailReading {
  verdict: 'pause' | 'clear' | 'no_control';
  readings: ({ harm: Harm } & GuardrailReading)[];
  /** Number of treated customers in the analysis who received the action. */
  exposed: number;
}

/** A Monday, from which half-years of whole weeks are counted. */
const FIRST_MONDAY = Date.UTC(1970, 0, 5);
const HALF_YEAR = 26 * 7 * DAY;
/** Maximum number of newest entries in one reading. */
const MAX_ENTRIES = 100_000;

/** Finds the marketing journeys in which a decide step offers the action. */
export function findJourneysOffering({ journeys }: Bundle, action: string): JourneyDef[] {
  return journeys.filter(
    (journey) =>
      journey.class === 'marketing' &&
      journey.steps.some((step) => step.kind === 'decide' && step.actions.includes(action)),
  );
}

/**
 * Reads the guardrails of one action. The evidence covers between half a year and a year and advances in fixed steps, so
 * that the error rate alpha holds for each such period, however often it is read. Evidence from before the action was
 * last resumed isn't used again.
 *
 * @returns null when the workspace has no guardrails, or the action isn't marketing
 */
export async function readGuardrails(
  tx: Tx,
  bundle: Bundle,
  action: ActionDef,
  { now, resumedAt }: { now: Instant; resumedAt: Instant | null },
): Promise<ActionGuardrailReading | null> {
  const { id: workspace, guardrails: def } = bundle.workspace;
  if (!def || action.class !== 'marketing') return null;
  const { harms, tolerance, within } = def;
  const journeys = findJourneysOffering(bundle, action.id).map((journey) => journey.id);
  const origin = FIRST_MONDAY + (Math.floor((now - FIRST_MONDAY) / HALF_YEAR) - 1) * HALF_YEAR;
  const since = Math.max(origin, resumedAt ?? origin);
  const rows =
    journeys.length === 0
      ? []
      : await countHarms(tx, {
          workspace,
          action: action.id,
          byPeople: action.mode === 'human',
          journeys,
          since,
          origin,
          within,
          computed: [
            ...(await readUnsubscribes(tx, action, { workspace, journeys, since })),
            ...(await readWholeReturns(tx, bundle, { journeys, since, now })),
          ],
          limit: MAX_ENTRIES,
        });
  const blocks = harms.map((harm) => ({
    harm,
    blocks: buildHarmBlocks(rows, harm, { origin, within, now }),
  }));
  const { verdict, readings } = evaluateGuardrails(blocks, { tolerance });
  return {
    verdict,
    readings: readings as ActionGuardrailReading['readings'],
    exposed: rows.reduce((sum, { counted: what, count }) => sum + (what === 'exposed' ? count : 0), 0),
  };
}

/** When the customers of these journeys took back what they had granted for the action's purpose, or said no. */
async function readUnsubscribes(
  tx: Tx,
  { purpose }: ActionDef,
  span: { workspace: string; journeys: string[]; since: Instant },
): Promise<HarmQuery['computed']> {
  const purposes = [...new Set([purpose, 'marketing', ...ALL_PURPOSES])];
  const consents = await readWithdrawers(tx, { ...span, purposes });
  return [...groupBy(consents, ({ customer }) => customer)].flatMap(([customer, own]) =>
    listUnsubscribes(own)
      .filter((withdrawal) => purposes.includes(withdrawal.purpose))
      .map(({ at }) => ({ harm: 'unsubscribe' as const, customer, at })),
  );
}

/** When the orders of a journey's customers had been given back as a whole, by the same sums as the reports. */
async function readWholeReturns(
  tx: Tx,
  { workspace: { id: workspace, currency } }: Bundle,
  { journeys, since, now }: { journeys: string[]; since: Instant; now: Instant },
): Promise<HarmQuery['computed']> {
  const customers = await readReturners(tx, { workspace, journeys, since });
  const events = await readKpiEvents(tx, customers, { names: ORDER_EVENTS, to: now });
  return [...groupBy(events, ({ customer }) => customer)].flatMap(([customer, own]) =>
    listWholeReturns(own, currency).map((at) => ({ harm: 'refund' as const, customer, at })),
  );
}
