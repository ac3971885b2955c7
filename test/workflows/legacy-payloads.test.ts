import { expect, test } from 'vitest';
import type { DecideAnswer } from '../../src/domain/protocol.ts';
import { emptyState } from '../../src/domain/state.ts';
import { readAnswer, readJourneyInput } from '../../src/workflows/legacy-payloads.ts';

const NOTICE = { kind: 'behaviour' as const, name: 'Page Viewed', at: '2026-11-22T09:00:00.000Z' };
const ANSWER = {
  kind: 'decided' as const,
  ordinal: 3,
  state: emptyState(),
  effects: [],
  wakeAt: null,
  more: false,
};

test('reads the notices that an older build carried as `untaken`, and passes them on under today’s name only', () => {
  const input = readJourneyInput({ workspace: 'aroma', customerId: 'cus_1', untaken: [NOTICE] });
  expect(input).toEqual({ workspace: 'aroma', customerId: 'cus_1', unprocessed: [NOTICE] });
});

test('leaves the input of a current build as it is', () => {
  const input = { workspace: 'aroma', customerId: 'cus_1', unprocessed: [NOTICE] };
  expect(readJourneyInput(input)).toEqual(input);
});

test('reads `tookSeq` of an older answer as `processedSeq`, and prefers today’s name', () => {
  expect(readAnswer({ ...ANSWER, tookSeq: 7 })).toEqual({ ...ANSWER, processedSeq: 7 });
  expect(readAnswer({ ...ANSWER, processedSeq: 9 })).toEqual({ ...ANSWER, processedSeq: 9 });
});

test('passes on that a customer is gone', () => {
  const gone: DecideAnswer = { kind: 'gone' };
  expect(readAnswer(gone)).toBe(gone);
});
