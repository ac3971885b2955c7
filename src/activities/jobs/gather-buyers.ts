import { readFitPage } from '../../../db/queries/fit-customers.ts';
import { advocacyOf } from '../../decisioning/scores/advocacy.ts';
import { engagementScore } from '../../decisioning/scores/engagement.ts';
import type { Buyer } from '../../decisioning/scores/fit-scores.ts';
import { historyOf } from '../../decisioning/scores/history.ts';
import { answersOf } from '../../decisioning/timing/answers.ts';
import { createCohort } from '../../decisioning/timing/profile.ts';
import type { Bundle } from '../../domain/definition.ts';
import { hash32 } from '../../domain/hash.ts';
import { type Profile, trait } from '../../domain/profile.ts';
import type { Instant } from '../../domain/time.ts';
import type { JobDeps } from './job.ts';

const PAGE = 500;
/** With more buyers than this a sample says the same, to the last digit that matters. */
const MOST = 50_000;

/** What a night keeps of a workspace's customers: its buyers, and the hours in which they answer. */
export interface Gathered {
  /** By id. */
  buyers: Buyer[];
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
): Promise<Gathered> {
  const { id: workspace, timezone, currency } = bundle.workspace;
  const cohort = createCohort(now);
  let sampled: Sampled[] = [];
  let limit = Infinity;
  const keep = (id: string, profile: Profile) => {
    const hash = hash32(`fit:${id}`);
    if (hash >= limit) return;
    sampled.push({ id, hash, buyer: buyerOf(profile, currency, now) });
    const zone = trait(profile, 'timezone');
    cohort.add(answersOf(profile.touches, zones(typeof zone === 'string' ? zone : timezone, timezone, now)));
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
  buyer: Buyer;
}

/** Those with the lowest hashes, ascending. */
function lowest(sampled: Sampled[], most: number): Sampled[] {
  return sampled.sort((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1)).slice(0, most);
}

/** In the order of their ids, so that sums of floats are always the same. */
function buyersOf(sampled: Sampled[]): Buyer[] {
  return sampled.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ buyer }) => buyer);
}

function buyerOf(profile: Profile, currency: string, now: Instant): Buyer {
  const { purchases, earlier } = historyOf(profile, currency);
  return {
    history: { purchases, earlier },
    advocacy: advocacyOf(profile, now),
    engaged: engagementScore(profile.touches, now).value,
  };
}
