import type { Tx } from '../client.ts';

/** An action under the bundle that decided. */
export interface DecidedUnder {
  action: string;
  bundleVersion: number;
}

/** Tells which actions have an amount of money as reward, under the bundles of these rows. */
export async function readMoneyActions(
  tx: Tx,
  workspace: string,
  rows: readonly DecidedUnder[],
): Promise<(row: DecidedUnder) => boolean> {
  const versions = [...new Set(rows.map(({ bundleVersion }) => bundleVersion))];
  if (versions.length === 0) return () => false;
  const found = await tx<{ version: number; actions: string[] }[]>`
    select version, jsonb_path_query_array(compiled, '$.actions[*] ? (@.reward.amount != null).id') as actions
    from bundles where workspace = ${workspace} and version = any(${versions}::int[])`;
  const money = new Map(found.map(({ version, actions }) => [version, new Set(actions)]));
  return ({ action, bundleVersion }) => money.get(bundleVersion)?.has(action) ?? false;
}
