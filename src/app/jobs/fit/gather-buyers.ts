import { readFitPage } from '../../../../db/learning/fit-customers.ts';
import { type Profile, readCustomerZone } from '../../../domain/customer/profile.ts';
import type { Bundle } from '../../../domain/definition.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { hash32 } from '../../../domain/values/hash.ts';
import { countAdvocacy } from '../../../learning/scores/advocacy.ts';
import { buildCustomerHistory } from '../../../learning/scores/customer-history.ts';
import { explainEngagement } from '../../../learning/scores/engagement.ts';
import type { FitCustomer } from '../../../learning/scores/fit-scores.ts';
import { collectResponses } from '../../../learning/timing/collect-responses.ts';
import { createCohort } from '../../../learning/timing/hour-profile.ts';
import type { JobDeps } from '../job.ts';

const PAGE = 500;
/** Above this number of buyers a sample is precise enough. */
const MAX_BUYERS = 50_000;

/** What a fit reads of a workspace: its buyers, and the hours in which they respond. */
export interface FitCustomers {
  /** Sorted by id. */
  buyers: FitCustomer[];
  hours: number[] | null;
}

/**
 * Reads all customers page by page, and keeps only what the fit needs. Of more than `maxBuyers` buyers it keeps those with
 * the lowest hashes of their ids: a sample that doesn't depend on their purchases, nor on the order of reading.
 */
export async function gatherBuyers(
  { db, zones }: Pick<JobDeps, 'db' | 'zones'>,
  bundle: Bundle,
  now: Instant,
  maxBuyers = MAX_BUYERS,
): Promise<FitCustomers> {
  const { id: workspace, timezone, currency } = bundle.workspace;
  const cohort = createCohort(now);
  let sampled: Sampled[] = [];
  let limit = Infinity;
  const keep = (id: string, profile: Profile) => {
    const hash = hash32(`fit:${id}`);
    if (hash >= limit) return;
    sampled.push({ id, hash, buyer: buildBuyer(profile, currency, now) });
    cohort.add(collectResponses(profile.touches, zones(readCustomerZone(profile), timezone, now)));
    if (sampled.length < 2 * maxBuyers) return;
    sampled = keepLowest(sampled, maxBuyers);
    limit = sampled.at(-1)?.hash ?? Infinity;
  };
  for (let cursor = ''; ; ) {
    const page = await readFitPage(db.sql, { workspace, cursor, limit: PAGE });
    for (const { id, profile } of page) if (profile) keep(id, profile);
    cursor = page.at(-1)?.id ?? cursor;
    if (page.length < PAGE)
      return { buyers: sortBuyers(keepLowest(sampled, maxBuyers)), hours: cohort.hours() };
  }
}

interface Sampled {
  id: string;
  hash: number;
  buyer: FitCustomer;
}

/** Keeps the entries with the lowest hashes, ascending. */
function keepLowest(sampled: Sampled[], maxBuyers: number): Sampled[] {
  return sampled.sort((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1)).slice(0, maxBuyers);
}

/** Sorted by id, so that the rounding of sums is always the same. */
function sortBuyers(sampled: Sampled[]): FitCustomer[] {
  return sampled.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ buyer }) => buyer);
}

function buildBuyer(profile: Profile, currency: string, now: Instant): FitCustomer {
  const { purchases, earlier } = buildCustomerHistory(profile, currency);
  return {
    history: { purchases, earlier },
    advocacy: countAdvocacy(profile, now),
    engagement: explainEngagement(profile.touches, now).value,
  };
}
