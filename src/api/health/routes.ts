import { Router } from 'express';
import { hasActiveBundle } from '../../../db/config/active-bundle.ts';
import { countPoisoned } from '../../../db/journeys/count-poisoned.ts';
import { findStall } from '../../../db/journeys/find-stall.ts';
import { readReconciliations } from '../../../db/maintenance/reconciliations.ts';
import { iso, SECOND } from '../../domain/time/time.ts';
import type { ApiDeps } from '../frame/deps.ts';

const PATIENCE_MS = 2_500;
/** A decision takes milliseconds, and its tries ten seconds. */
const STALL_MS = 30 * SECOND;

interface Reason {
  code: string;
  detail: string;
}

/** Health checks for operators. */
export function healthRoutes(deps: ApiDeps): Router {
  const router = Router();

  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });

  router.get('/readyz', async (_req, res) => {
    const checks = await Promise.all([checkDatabase(), checkTemporal(), checkDecisions()]);
    const reasons = checks.filter((reason) => reason !== null);
    res.status(reasons.length > 0 ? 503 : 200).json({ ready: reasons.length === 0, reasons });
  });
  router.get('/statusz', async (_req, res) => {
    const [rows, parkedCustomers] = await Promise.all([
      within(readReconciliations(deps.db.sql)),
      within(countPoisoned(deps.db.sql)),
    ]);
    const reconciliations = rows?.map(({ passEndedAt, repairedAt, ...row }) => ({
      ...row,
      passEndedAt: passEndedAt === null ? null : iso(passEndedAt),
      repairedAt: repairedAt === null ? null : iso(repairedAt),
    }));
    res
      .status(reconciliations ? 200 : 503)
      .json({ reconciliations: reconciliations ?? [], parkedCustomers: parkedCustomers ?? null });
  });
  return router;

  async function checkDatabase(): Promise<Reason | null> {
    const active = await within(hasActiveBundle(deps.db.sql));
    if (active === undefined) return { code: 'database_away', detail: 'Postgres does not answer' };
    return active ? null : { code: 'no_bundle', detail: 'no bundle is active: apply one' };
  }

  async function checkDecisions(): Promise<Reason | null> {
    if (!(await within(findStall(deps.db.sql, STALL_MS)))) return null;
    const detail = `customers wait, and none was decided for ${STALL_MS / SECOND} s: look at relay and worker`;
    return { code: 'decisions_stalled', detail };
  }

  async function checkTemporal(): Promise<Reason | null> {
    const state = await within(deps.journeys.check());
    if (state?.kind === 'answers') return null;
    return { code: 'temporal_away', detail: state?.detail ?? 'Temporal does not answer' };
  }
}

/** The result of a check; undefined if it failed or took too long. */
async function within<T>(check: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  try {
    return await Promise.race([check, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
