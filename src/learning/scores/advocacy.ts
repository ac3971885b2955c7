import type { Profile } from '../../domain/customer/profile.ts';
import type { Instant } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';

/**
 * What customers do for others' sake, by event, and the touch that it leaves. `Promoter Found` is for a survey's best
 * answers (a net promoter score of 9 or 10): whoever asks says it, or a journey emits it.
 */
const ADVOCACY: Record<string, string> = {
  'Product Reviewed': 'review',
  'Product Shared': 'share',
  'Cart Shared': 'share',
  'Invite Sent': 'invite',
  'Promoter Found': 'promoter',
};
const KINDS: ReadonlySet<string> = new Set(Object.values(ADVOCACY));

/** How often a customer has reviewed, recommended or invited until then. What came later is known by the touches kept. */
export function countAdvocacy(
  { counts, touches }: Pick<Profile, 'counts' | 'touches'>,
  until: Instant,
): number {
  let often = 0;
  for (const name of Object.keys(ADVOCACY)) often += getOwn(counts, name)?.n ?? 0;
  for (const { at, kind } of touches) if (at > until && KINDS.has(kind)) often--;
  return Math.max(0, often);
}
