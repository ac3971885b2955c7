import type { Profile } from '../../domain/customer/profile.ts';
import type { Instant } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';

/**
 * Events in which a customer recommends, with the kind of touch that each one leaves. `Promoter Found` stands for the
 * best answers of a survey (a net promoter score of 9 or 10); the survey tool sends it, or a journey emits it.
 */
const ADVOCACY: Record<string, string> = {
  'Product Reviewed': 'review',
  'Product Shared': 'share',
  'Cart Shared': 'share',
  'Invite Sent': 'invite',
  'Promoter Found': 'promoter',
};
const KINDS: ReadonlySet<string> = new Set(Object.values(ADVOCACY));

/** Counts how often a customer reviewed, recommended or invited by `until`. Later events are subtracted by their touches. */
export function countAdvocacy(
  { counts, touches }: Pick<Profile, 'counts' | 'touches'>,
  until: Instant,
): number {
  let count = 0;
  for (const name of Object.keys(ADVOCACY)) count += getOwn(counts, name)?.n ?? 0;
  for (const { at, kind } of touches) if (at > until && KINDS.has(kind)) count--;
  return Math.max(0, count);
}
