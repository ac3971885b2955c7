import { expect, test } from 'vitest';
import {
  type ActionSummary,
  filterActions,
  joinActions,
} from '../../console/src/pages/decisions/action-rows.ts';

type Known = Parameters<typeof joinActions>[1];

const WATCHED = { exposed: 9, state: 'active' as const };
const reading = (verdict: ActionSummary['guardrails'][number]['verdict']) =>
  ({ harm: 'ticket', verdict }) as ActionSummary['guardrails'][number];

function action(id: string, changes: Partial<ActionSummary> = {}): ActionSummary {
  return {
    id,
    name: null,
    description: null,
    class: 'marketing',
    mode: 'auto',
    channels: ['email'],
    offeredBy: { journeys: ['tips'], placements: [] },
    recent: { chosen: 0, explored: 0 },
    state: 'active',
    pausedSince: null,
    pauseCause: null,
    exposed: null,
    guardrails: [],
    ...changes,
  };
}

const cause = (harm: 'ticket' | 'by_hand') => ({ harm, reason: null, actor: null, reading: null });
const states = { planned: 0, held: 1, sending: 0, sent: 3, failed: 0, unknown: 1, cancelled: 0 };
const KNOWN = {
  stageOf: new Map([
    ['tips', 'adoption'],
    ['care', null],
  ]),
  deliveries: {
    deliveries: [
      { action: 'tip', channel: 'email', states, receipts: { clicked: { deliveries: 0 } } },
      { action: 'tip', channel: 'sms', states, receipts: { clicked: { deliveries: 0 } } },
    ],
    tasks: [],
  },
  decisions: { actions: [{ action: 'tip', blocked: 7 }] },
} as unknown as Known;

test('an action has what was sent on all channels, what was held back, its stages and its exploration', () => {
  const [tip, help] = joinActions(
    [
      action('tip', { recent: { chosen: 20, explored: 5 } }),
      action('help', { offeredBy: { journeys: ['care'], placements: [] } }),
    ],
    KNOWN,
  );
  expect(tip).toMatchObject({ sent: 8, held: 7, explored: 0.25, stages: ['adoption'] });
  expect(help).toMatchObject({ sent: 0, held: 0, explored: null, stages: [] });
  const [unknown] = joinActions([action('tip')], { ...KNOWN, deliveries: undefined, decisions: undefined });
  expect([unknown?.sent, unknown?.held]).toEqual([undefined, undefined]);
});

test.each([
  ['none', {}],
  ['clear', { ...WATCHED, guardrails: [reading('no_control'), reading('clear')] }],
  ['no_control', { ...WATCHED, guardrails: [reading('no_control')] }],
  ['breached', { ...WATCHED, guardrails: [reading('clear'), reading('pause')] }],
  ['paused_by_guardrail', { state: 'paused', pauseCause: cause('ticket') }],
  ['paused_by_hand', { ...WATCHED, state: 'paused', pauseCause: cause('by_hand') }],
] as const)('its guardrails are %s', (watch, changes) => {
  const [row] = joinActions([action('tip', changes as Partial<ActionSummary>)], KNOWN);
  expect(row?.watch).toBe(watch);
});

test('rows are found by name, id and journey, and sorted by name or by a figure', () => {
  const rows = joinActions(
    [
      action('tip', { name: 'Zebra' }),
      action('help', { name: 'Apple', channels: ['sms'], class: 'service' }),
    ],
    KNOWN,
  );
  const ids = (filter: Parameters<typeof filterActions>[1]) =>
    filterActions(rows, filter).map((row) => row.action.id);
  expect(ids({})).toEqual(['help', 'tip']);
  expect(ids({ sort: 'sent' })).toEqual(['tip', 'help']);
  expect(ids({ q: 'zebra tips' })).toEqual(['tip']);
  expect(ids({ q: 'TIP', channel: 'sms' })).toEqual(['help']);
  expect(ids({ class: 'service' })).toEqual(['help']);
  expect(ids({ stage: 'adoption', watch: 'none' })).toHaveLength(2);
  expect(ids({ stage: 'win-back' })).toEqual([]);
});
