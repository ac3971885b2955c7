import type { Tx } from '../../../db/client.ts';
import { countHarms } from '../../../db/guardrails/count-harms.ts';
import type { ActionDef, Bundle, Harm, JourneyDef } from '../../domain/definition.ts';
import { DAY, type Instant } from '../../domain/time/time.ts';
import { evaluateGuardrails, type GuardrailReading } from '../../statistics/experiments/guardrails.ts';
import { buildHarmBlocks } from '../../statistics/experiments/harm-blocks.ts';

/** What the guardrails say of one action. */
export interface ActionGuardrailReading {
  verdict: 'pause' | 'clear' | 'no_control';
  readings: ({ harm: Harm } & GuardrailReading)[];
  /** Of the treated customers that count, to whom it went out. */
  exposed: number;
}

/** Monday. Half-years of whole weeks are counted from here. */
const FIRST_MONDAY = Date.UTC(1970, 0, 5);
const HALF_YEAR = 26 * 7 * DAY;
/** Newest entries that one action's reading looks at. */
const MOST_ENTRIES = 100_000;

/** Marketing journeys in which a decide step offers the action. */
export function findJourneysOffering({ journeys }: Bundle, action: string): JourneyDef[] {
  return journeys.filter(
    (journey) =>
      journey.class === 'marketing' &&
      journey.steps.some((step) => step.kind === 'decide' && step.actions.includes(action)),
  );
}

/**
 * Reads one action's guardrails. Evidence is of at least half a year and at most a whole one, by fixed steps: so alpha
 * holds for every such time, however often one looks. What was there before the action was resumed is spent.
 * Null where nobody watches.
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
          purposes: [...new Set([action.purpose, 'marketing', 'all', '*'])],
          since,
          origin,
          within,
          limit: MOST_ENTRIES,
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
