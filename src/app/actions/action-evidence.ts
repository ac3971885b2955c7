import { type ActionPause, readActionPauses } from '../../../db/reports/action-evidence.ts';
import type { Instant } from '../../domain/time/time.ts';
import { type ActionChoices, countChoices } from '../reports/choices.ts';
import { readCountedChoices } from '../reports/counted/choices.ts';
import { type Aged, readCountedOr } from '../reports/counted/read-counted.ts';
import type { Period, ReportDeps } from '../reports/report-deps.ts';

const MOST_PAUSES = 10;

/** What happened when an action was chosen. */
export interface ActionEvidence extends ActionChoices {
  pauses: ActionPause[];
}

/**
 * Reads what an action's choices of a period came to. Before the first count
 * it reads rows, which `requireKept` refuses if they were dropped.
 */
export async function readActionEvidence(
  deps: ReportDeps,
  asked: { workspace: string; action: string; period: Period; now: Instant },
  requireKept: (period: Period) => Promise<void>,
): Promise<Aged<ActionEvidence>> {
  const { workspace, action } = asked;
  const { report, ...age } = await readCountedOr(deps, asked, {
    ofCustomers: false,
    since: 3,
    counted: (counts) => readCountedChoices(deps, counts, action),
    async recount(period) {
      await requireKept(period);
      return countChoices(deps, { workspace, ...period }, action);
    },
  });
  return {
    report: { ...report, pauses: await readActionPauses(deps.db.sql, workspace, action, MOST_PAUSES) },
    ...age,
  };
}
