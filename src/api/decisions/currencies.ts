import type { DecisionView } from '../../../db/decisions/read-decisions.ts';
import type { BundleReader } from '../../app/config/active-bundle.ts';

/** Looks up the currency of the workspace at the time of each decision: the one of the bundle that decided. */
export async function readCurrencies(
  { db, bundles }: BundleReader,
  workspace: string,
  decisions: Pick<DecisionView, 'bundleVersion'>[],
): Promise<(decision: Pick<DecisionView, 'bundleVersion'>) => string> {
  const versions = [...new Set(decisions.map(({ bundleVersion }) => bundleVersion))];
  const loaded = await Promise.all(versions.map((version) => bundles(db.sql, workspace, version)));
  const currencies = new Map(loaded.map(({ version, workspace: { currency } }) => [version, currency]));
  return ({ bundleVersion }) => currencies.get(bundleVersion) as string;
}
