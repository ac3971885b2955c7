import { expect, test } from 'vitest';
import { toProgressView } from '../../src/domain/protocol.ts';
import { type Enrollment, emptyState, type JourneyState } from '../../src/domain/state.ts';

const ENROLLMENT: Enrollment = {
  id: 'enr_1',
  journey: 'tips',
  version: 1,
  key: null,
  arm: 'treated',
  enteredAt: 0,
  entry: { id: 'evt_1', name: 'Order Completed', at: 0, seq: 1, properties: { note: 'canary of the event' } },
  step: 'tip',
  since: 0,
  sinceSeq: 1,
  status: { kind: 'poison', reason: 'canary of the error', bundle: 3 },
  goalAt: null,
  vars: { wish: 'canary of a variable' },
  pinned: false,
  excluded: false,
  holding: {},
};

test('the state that enters histories holds nothing that a customer or an agent has written', () => {
  const state: JourneyState = {
    ...emptyState(),
    paused: { since: 7, reason: 'canary of a reason', by: 'canary of an agent' },
    enrollments: [ENROLLMENT],
  };
  const view = toProgressView(state);
  expect(JSON.stringify(view)).not.toContain('canary');
  expect(view).toMatchObject({
    paused: { since: 7 },
    enrollments: [{ id: 'enr_1', step: 'tip', status: { kind: 'poison', bundle: 3 } }],
  });
});
