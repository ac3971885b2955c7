import type { RejectedCount } from '../../db/events/count-rejected.ts';
import { count, type Finding, ok, warn } from './finding.ts';

/** Judges whether senders send what can't be read. */
export function judgeRejected(rejected: readonly RejectedCount[]): Finding[] {
  const check = 'rejected_events';
  const lately = rejected.filter((row) => row.lately > 0).sort((a, b) => b.lately - a.lately);
  const [most] = lately;
  if (!most) return [ok(check, 'no event was rejected in the last hour')];
  const total = lately.reduce((sum, row) => sum + row.lately, 0);
  return [
    warn(
      check,
      `${count(total, 'event was', 'events were')} rejected in the last hour, most often ${most.code} from ${most.source}: ${most.lastReason}`,
      'correct the sender or the mapping, then read them again (POST /v1/rejected/retry)',
    ),
  ];
}
