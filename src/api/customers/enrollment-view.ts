import type { z } from 'zod';
import type { Enrollment } from '../../domain/state.ts';
import { iso } from '../../domain/time/time.ts';
import { toIsoOrNull } from '../frame/format.ts';
import type { enrollment } from './enrollment-schema.ts';
import type { WakerView } from './wakers-view.ts';

/** An open enrollment as the API shows it, with what wakes it. */
export function toEnrollmentView(item: Enrollment, wakers: WakerView[]): z.infer<typeof enrollment> {
  const { id, journey, version, key, arm, step, status, pinned, excluded } = item;
  return {
    id,
    journey,
    version,
    key,
    arm,
    step,
    state: status.kind,
    since: iso(item.since),
    enteredAt: iso(item.enteredAt),
    goalAt: toIsoOrNull(item.goalAt),
    pinned,
    excluded,
    reason: status.kind === 'poison' ? status.reason : null,
    wakers,
  };
}
