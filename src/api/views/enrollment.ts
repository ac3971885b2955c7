import type { z } from 'zod';
import type { Enrollment } from '../../domain/state.ts';
import { iso } from '../../domain/time.ts';
import type { enrollment } from '../schemas/customer.ts';
import { isoOrNull } from './format.ts';
import type { WakerView } from './wakers.ts';

/** An open enrollment as the API shows it, with what moves it on. */
export function enrollmentView(one: Enrollment, wakers: WakerView[]): z.infer<typeof enrollment> {
  const { id, journey, version, key, arm, step, status, pinned, excluded } = one;
  return {
    id,
    journey,
    version,
    key,
    arm,
    step,
    state: status.kind,
    since: iso(one.since),
    enteredAt: iso(one.enteredAt),
    goalAt: isoOrNull(one.goalAt),
    pinned,
    excluded,
    reason: status.kind === 'poison' ? status.reason : null,
    wakers,
  };
}
