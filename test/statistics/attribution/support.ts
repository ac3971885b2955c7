import fc from 'fast-check';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import type { TouchPath } from '../../../src/statistics/attribution/touch-paths.ts';

export const NOW = Date.UTC(2026, 4, 1);
export const CHANNELS = ['email', 'sms', 'web', 'desk', '__proto__'];

/** A path of these touchpoints, a day apart, the last one an hour before the conversion. */
export function path(touchpoints: string[], conversions: number, value = 0): TouchPath {
  return {
    touches: touchpoints.map((touchpoint, i) => ({
      touchpoint,
      at: NOW - HOUR - (touchpoints.length - 1 - i) * DAY,
    })),
    convertedAt: conversions > 0 ? NOW : null,
    conversions,
    value,
  };
}

const anyPath: fc.Arbitrary<TouchPath> = fc
  .record({
    touchpoints: fc.array(fc.constantFrom(...CHANNELS), { maxLength: 6 }),
    gaps: fc.array(fc.integer({ min: 0, max: 30 * DAY }), { minLength: 7, maxLength: 7 }),
    conversions: fc.constantFrom(0, 0, 1, 1, 2),
    value: fc.integer({ min: 0, max: 1_000_000 }),
  })
  .map(({ touchpoints, gaps, conversions, value }) => {
    let at = NOW;
    const touches = touchpoints.map((touchpoint, i) => {
      at += gaps[i] as number;
      return { touchpoint, at };
    });
    return {
      touches,
      convertedAt: conversions > 0 ? at + (gaps[6] as number) : null,
      conversions,
      value: conversions > 0 ? value : 0,
    };
  });

export const anyPaths = fc.array(anyPath, { minLength: 1, maxLength: 25 });
