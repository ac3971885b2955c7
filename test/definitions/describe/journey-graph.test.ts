import { expect, test } from 'vitest';
import { compileBundle } from '../../../src/definitions/compile/bundle.ts';
import { buildJourneyGraph } from '../../../src/definitions/describe/journey-graph.ts';
import { readBundleDir } from '../../../src/definitions/source/read-directory.ts';
import { AROMA } from '../../support/paths.ts';
import { compileWith } from '../bundle-files.ts';

function graphOf(id: string) {
  const compiled = compileWith();
  const journey = compiled.ok ? compiled.bundle.journeys.find((j) => j.id === id) : undefined;
  if (!compiled.ok || !journey) throw new Error(`no ${id}`);
  return buildJourneyGraph(journey, compiled.bundle.actions);
}

test('the graph of a journey has its entries, steps, goal and exits, and where each leads', () => {
  expect(graphOf('tips')).toEqual({
    nodes: [
      { id: 'enter:0', kind: 'enter', label: 'Order Completed if has(event.properties.value)' },
      { id: 'tip', kind: 'decide', label: 'tip', actions: ['tip'], class: 'marketing' },
      { id: 'week', kind: 'wait', label: 'after 7d' },
      { id: 'again', kind: 'goto', label: 'tip' },
      { id: 'goal:0', kind: 'goal', label: 'Order Completed' },
      { id: 'exit:0', kind: 'leave', label: 'after 90d' },
      { id: 'end:0', kind: 'end', label: 'leaves' },
    ],
    edges: [
      { from: 'enter:0', to: 'tip', label: '' },
      { from: 'tip', to: 'week', label: '' },
      { from: 'week', to: 'again', label: 'after 7d' },
      { from: 'again', to: 'tip', label: '' },
      { from: 'exit:0', to: 'end:0', label: '' },
    ],
  });
});

test('edges are labelled with the outcome', () => {
  expect(graphOf('care').edges).toEqual([
    { from: 'enter:0', to: 'call', label: '' },
    { from: 'call', to: 'mail', label: '' },
    { from: 'call', to: 'end:0', label: 'call.done' },
    { from: 'call', to: 'mail', label: 'call.expired' },
    { from: 'mail', to: 'end:0', label: '' },
    { from: 'exit:0', to: 'end:0', label: '' },
  ]);
});

test('in the graph of every example journey each edge leads to a node, and each step is there once', async () => {
  const compiled = compileBundle(await readBundleDir(AROMA), null, 0);
  if (!compiled.ok) throw new Error('the example does not compile');
  for (const journey of compiled.bundle.journeys) {
    const { nodes, edges } = buildJourneyGraph(journey, []);
    const ids = nodes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(edges.flatMap(({ from, to }) => [from, to]).filter((id) => !ids.includes(id))).toEqual([]);
    expect(nodes.filter(({ label }) => label === '')).toEqual([]);
    for (const step of journey.steps) expect(edges.some(({ from }) => from === step.id)).toBe(true);
  }
});

test('a decide step has the highest class of its actions, and says whether a person carries one out', () => {
  const offers = graphOf('care').nodes.filter(({ kind }) => kind === 'decide');
  expect(offers).toEqual([
    {
      id: 'call',
      kind: 'decide',
      label: 'call, help',
      actions: ['call', 'help'],
      class: 'service',
      human: true,
    },
    { id: 'mail', kind: 'decide', label: 'help', actions: ['help'], class: 'service' },
  ]);
});
