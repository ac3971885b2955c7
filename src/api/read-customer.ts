import { type CustomerSnapshot, viewCustomer } from '../../db/queries/view-customer.ts';
import { notFound } from './http-error.ts';
import type { Api } from './operation.ts';
import { type CustomerView, customerView } from './views/customer.ts';

/** Reads and shows one customer. @throws HttpError 404 */
export async function readCustomer(
  { deps }: Api,
  workspace: string,
  id: string,
): Promise<{ snapshot: CustomerSnapshot; view: CustomerView }> {
  const snapshot = await viewCustomer(deps.db.sql, workspace, id);
  if (!snapshot) throw notFound('customer');
  const bundle = (version: number) =>
    version > 0 ? deps.bundles(deps.db.sql, workspace, version) : Promise.resolve(null);
  const [active, decided] = await Promise.all([
    bundle(snapshot.configVersion),
    bundle(snapshot.bundleVersion),
  ]);
  const view = customerView(snapshot, { active, decided, zones: deps.zones, evaluate: deps.evaluate });
  return { snapshot, view };
}

/** Changes whenever the view does: a cool-down may end without anything being written. */
export function etagOf(snapshot: CustomerSnapshot, view: CustomerView): string {
  const { eventSeq, ordinal, updatedAt, configVersion, tookSeq } = snapshot;
  return `W/"${eventSeq}.${ordinal}.${tookSeq}.${updatedAt}.${configVersion}.${view.suppressed.reasons.length}"`;
}

/** Whether the caller has this already. */
export function isFresh(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => bare(tag) === bare(etag));
}
