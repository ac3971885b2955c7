import { readFitPage } from '../../../../db/learning/fit-customers.ts';
import { type Profile, readTrait } from '../../../domain/customer/profile.ts';
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
/** With more buyers than this a sample says the same, to the last digit that matters. */
const MOST = 50_000;

/** What a night keeps of a workspace's customers: its buyers, and the hours in which they answer. */
export interface FitCustomers {
  /** By id. */
  buyers: FitCustomer[];
  hours: number[] | null;
}

/**
 * Reads all customers page by page, and keeps only what the fit needs. Of more than `most` buyers it keeps those with
 * the lowest hashes of their ids: a sample that never looks at what they bought, and the same for any order of reading.
 */
export async function gatherBuyers(
  { db, zones }: Pick<JobDeps, 'db' | 'zones'>,
  bundle: Bundle,
  now: Instant,
  most = MOST,
): Promise<FitCustomers> {
  const { id: workspace, timezone, currency } = bundle.workspace;
  const cohort = createCohort(now);
  let sampled: Sampled[] = [];
  let limit = Infinity;
  const keep = (id: string, profile: Profile) => {
    const hash = hash32(`fit:${id}`);
    if (hash >= limit) return;
    sampled.push({ id, hash, buyer: buyerOf(profile, currency, now) });
    const zone = readTrait(profile, 'timezone');
    cohort.add(
      collectResponses(profile.touches, zones(typeof zone === 'string' ? zone : timezone, timezone, now)),
    );
    if (sampled.length < 2 * most) return;
    sampled = lowest(sampled, most);
    limit = sampled.at(-1)?.hash ?? Infinity;
  };
  for (let cursor = ''; ; ) {
    const page = await readFitPage(db.sql, { workspace, cursor, limit: PAGE });
    for (const { id, profile } of page) if (profile) keep(id, profile);
    cursor = page.at(-1)?.id ?? cursor;
    if (page.length < PAGE) return { buyers: buyersOf(lowest(sampled, most)), hours: cohort.hours() };
  }
}

interface Sampled {
  id: string;
  hash: number;
  buyer: FitCustomer;
}

/** Those with the lowest hashes, ascending. */
function lowest(sampled: Sampled[], most: number): Sampled[] {
  return sampled.sort((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1)).slice(0, most);
}

/** In the order of their ids, so that sums of floats are always the same. */
function buyersOf(sampled: Sampled[]): FitCustomer[] {
  return sampled.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ buyer }) => buyer);
}

function buyerOf(profile: Profile, currency: string, now: Instant): FitCustomer {
  const { purchases, earlier } = buildCustomerHistory(profile, currency);
  return {
    history: { purchases, earlier },
    advocacy: countAdvocacy(profile, now),
    engagement: explainEngagement(profile.touches, now).value,
  };
}
