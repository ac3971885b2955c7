import { expect, test } from 'vitest';
import { toVerdictViews } from '../../../src/api/frame/format.ts';
import type { GateVerdict } from '../../../src/domain/candidate.ts';

test('B-1: instants that a gate observed are written in RFC 3339, never as milliseconds', () => {
  const since = Date.parse('2026-11-22T09:00:00Z');
  const blocked = (gate: string, observed: unknown) =>
    ({ gate, pass: false, code: 'x', observed, liftsAt: since }) as GateVerdict;
  const seen = toVerdictViews(
    [
      blocked('spacing', since),
      blocked('guardrail', { harm: 'by_hand', since }),
      blocked('suppression', ['t-1']),
      blocked('guardrail', undefined),
      blocked('sunset', since),
      blocked('caps', 3),
      blocked('eligible', { plan: ['gold'] }),
      blocked('eligible', false),
    ],
    null,
  ).map((view) => 'observed' in view && view.observed);
  expect(seen).toEqual([
    '2026-11-22T09:00:00.000Z',
    { harm: 'by_hand', since: '2026-11-22T09:00:00.000Z' },
    ['t-1'],
    null,
    '2026-11-22T09:00:00.000Z',
    3,
    '{"plan":["gold"]}',
    false,
  ]);
  const [expired] = toVerdictViews([{ gate: 'expiry', pass: false, code: 'too_late', needed: since }], null);
  expect(expired).toMatchObject({ needed: '2026-11-22T09:00:00.000Z', observed: null });
});
