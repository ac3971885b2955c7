import type { DecisionView } from '../../../db/decisions/read-decisions.ts';
import type { Api } from '../frame/operation.ts';

/** The workspace's currency when each of these was decided: as its bundle's version has it. */
export async function readCurrencies(
  { deps }: Api,
  workspace: string,
  decisions: Pick<DecisionView, 'bundleVersion'>[],
): Promise<(decision: Pick<DecisionView, 'bundleVersion'>) => string> {
  const versions = [...new Set(decisions.map(({ bundleVersion }) => bundleVersion))];
  const bundles = await Promise.all(versions.map((version) => deps.bundles(deps.db.sql, workspace, version)));
  const known = new Map(bundles.map((bundle, i) => [versions[i], bundle.workspace.currency]));
  return ({ bundleVersion }) => known.get(bundleVersion) as string;
}
