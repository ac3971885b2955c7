import { describe, expect, it, test } from 'vitest';
import { countStates, diffGraphs } from '../../console/src/journey-graph/diff.ts';
import { findNodes } from '../../console/src/journey-graph/find-nodes.ts';
import { type JourneyGraph, toGraph } from '../../console/src/journey-graph/from-journey.ts';
import type { Graph } from '../../console/src/journey-graph/graph.ts';
import { type Layout, placeGraph, toPath } from '../../console/src/journey-graph/layout.ts';
import { findNeighbour } from '../../console/src/journey-graph/neighbours.ts';
import { listInReadingOrder } from '../../console/src/journey-graph/reading-order.ts';

const WORDS = {
  enter: 'Enters',
  goal: 'Goal',
  leave: 'Leaves',
  end: 'End',
  human: 'by a person',
  action: (id: string) => (id === 'agent-call' ? 'Call by an agent' : id),
};

const JOURNEY: JourneyGraph = {
  nodes: [
    { id: 'enter:0', kind: 'enter', label: 'Order Completed' },
    {
      id: 'call',
      kind: 'decide',
      label: 'agent-call, help (rules_only)',
      actions: ['agent-call', 'help'],
      class: 'service',
      human: true,
    },
    { id: 'week', kind: 'wait', label: 'after 7d' },
    { id: 'goal:0', kind: 'goal', label: 'Order Completed' },
    { id: 'exit:0', kind: 'leave', label: 'after 90d' },
    { id: 'end:0', kind: 'end', label: 'leaves' },
  ],
  edges: [
    { from: 'enter:0', to: 'call', label: '' },
    { from: 'call', to: 'week', label: '' },
    { from: 'call', to: 'end:0', label: 'call.done' },
    { from: 'week', to: 'call', label: 'after 7d' },
    { from: 'exit:0', to: 'end:0', label: '' },
  ],
};

describe('the picture of a journey', () => {
  it('has steps by their id, says what they do, who carries it out, and how many customers are there', () => {
    const { nodes, edges } = toGraph(
      JOURNEY,
      WORDS,
      new Map([['week', { count: 4, detail: 'half: 2 days' }]]),
    );
    expect(nodes).toEqual([
      { id: 'enter:0', kind: 'enter', title: 'Enters', note: 'Order Completed' },
      {
        id: 'call',
        kind: 'decide',
        title: 'call',
        note: 'Call by an agent, help (rules_only) · by a person',
      },
      { id: 'week', kind: 'wait', title: 'week', note: 'after 7d', count: 4, detail: 'half: 2 days' },
      { id: 'goal:0', kind: 'goal', title: 'Goal', note: 'Order Completed' },
      { id: 'exit:0', kind: 'leave', title: 'Leaves', note: 'after 90d' },
      { id: 'end:0', kind: 'end', title: 'End' },
    ]);
    expect(edges[1]).toEqual({ from: 'call', to: 'week', title: undefined });
  });
});

describe('the difference of two versions', () => {
  const before = toGraph(JOURNEY, WORDS);
  const edited: JourneyGraph = {
    nodes: [
      ...JOURNEY.nodes
        .filter(({ id }) => id !== 'exit:0')
        .map((node) => (node.id === 'week' ? { ...node, label: 'after 2d' } : node)),
      { id: 'mail', kind: 'decide', label: 'help' },
    ],
    edges: [
      ...JOURNEY.edges.filter(({ from }) => from === 'enter:0'),
      { from: 'call', to: 'mail', label: '' },
    ],
  };
  const stateOf = ({ nodes }: Graph) => Object.fromEntries(nodes.map(({ id, state }) => [id, state]));

  it('marks what was added, removed, changed and kept', () => {
    const diff = diffGraphs(before, toGraph(edited, WORDS), new Set(['call']));
    expect(stateOf(diff)).toEqual({
      'enter:0': 'kept',
      call: 'changed',
      week: 'changed',
      'goal:0': 'kept',
      'end:0': 'kept',
      mail: 'added',
      'exit:0': 'removed',
    });
    expect(countStates(diff)).toEqual({ added: 1, removed: 1, changed: 2 });
    expect(diff.edges.map(({ from, to, state }) => [from, to, state])).toEqual([
      ['enter:0', 'call', 'kept'],
      ['call', 'mail', 'added'],
      ['call', 'week', 'removed'],
      ['call', 'end:0', 'removed'],
      ['week', 'call', 'removed'],
      ['exit:0', 'end:0', 'removed'],
    ]);
  });

  it('of the same version is all kept, and of none all added or removed', () => {
    expect(new Set(Object.values(stateOf(diffGraphs(before, before))))).toEqual(new Set(['kept']));
    expect(new Set(Object.values(stateOf(diffGraphs(null, before))))).toEqual(new Set(['added']));
    expect(new Set(Object.values(stateOf(diffGraphs(before, null))))).toEqual(new Set(['removed']));
  });
});

describe('the list that stands for the picture', () => {
  it('has every node once, each way in before what it leads to, the end last', () => {
    const listed = listInReadingOrder(toGraph(JOURNEY, WORDS));
    expect(listed.map(({ node }) => node.id)).toEqual([
      'enter:0',
      'call',
      'week',
      'goal:0',
      'exit:0',
      'end:0',
    ]);
    const call = listed[1]?.leadsTo.map(({ target, edge }) => [target.id, edge.title]);
    expect(call).toEqual([
      ['week', undefined],
      ['end:0', 'call.done'],
    ]);
  });

  it('ends for loops, and leaves out edges to nodes that are not there', () => {
    const graph: Graph = {
      nodes: [{ id: 'a', kind: 'wait', title: 'a' }],
      edges: [
        { from: 'a', to: 'a' },
        { from: 'a', to: 'gone' },
      ],
    };
    expect(listInReadingOrder(graph)).toMatchObject([
      { node: { id: 'a' }, leadsTo: [{ target: { id: 'a' } }] },
    ]);
  });
});

test('nodes are found by the words of title and note, one that is called so first', () => {
  const graph = toGraph(JOURNEY, WORDS);
  const ids = (words: string) => findNodes(graph, words).map(({ id }) => id);
  expect(ids('7d')).toEqual(['week']);
  expect(ids('AGENT call')).toEqual(['call']);
  expect(ids('order completed')).toEqual(['enter:0', 'goal:0']);
  expect(ids('goal')).toEqual(['goal:0']);
  expect(ids(' ')).toEqual([]);
  expect(ids('nothing like it')).toEqual([]);
});

/** A chain with a branch at every tenth step. */
function longGraph(steps: number): Graph {
  const nodes = Array.from({ length: steps }, (_, n) => ({
    id: `s${n}`,
    kind: 'wait' as const,
    title: `s${n}`,
  }));
  const edges = nodes.slice(1).map((node, n) => ({ from: `s${n}`, to: node.id, title: 'after 7d' }));
  const jumps = nodes
    .filter((_, n) => n % 10 === 0 && n + 5 < steps)
    .map((_, n) => ({ from: `s${n * 10}`, to: `s${n * 10 + 5}` }));
  return { nodes, edges: [...edges, ...jumps] };
}

function overlaps({ nodes }: Layout): string[] {
  return nodes.flatMap((a, i) =>
    nodes.slice(i + 1).flatMap((b) => {
      const apart =
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      return apart ? [] : [`${a.node.id} and ${b.node.id}`];
    }),
  );
}

describe('the layout', () => {
  it('puts no two nodes over each other, in the same way each time', () => {
    const graph = toGraph(JOURNEY, WORDS);
    expect(overlaps(placeGraph(graph))).toEqual([]);
    expect(placeGraph(graph)).toEqual(placeGraph(graph));
  });

  it('places 300 steps within two seconds', () => {
    // Of this process, whatever else the machine does.
    const begun = process.cpuUsage();
    const layout = placeGraph(longGraph(300));
    expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(2_000);
    expect([layout.nodes.length, overlaps(layout)]).toEqual([300, []]);
  });

  it('leads an edge through its points', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 10, y: 10 },
      { x: 10, y: 20 },
    ];
    expect(toPath(points)).toBe('M0,0 Q10,10 10,15 L10,20');
    expect(toPath([])).toBe('');
  });

  it('arrow keys follow the ways down and up, and the row left and right', () => {
    const graph: Graph = {
      nodes: ['top', 'left', 'right', 'bottom'].map((id) => ({ id, kind: 'wait' as const, title: id })),
      edges: [
        { from: 'top', to: 'left' },
        { from: 'top', to: 'right' },
        { from: 'left', to: 'bottom' },
        { from: 'right', to: 'bottom' },
      ],
    };
    const layout = placeGraph(graph);
    const down = findNeighbour(layout, 'top', 'down') as string;
    const other = down === 'left' ? 'right' : 'left';
    const x = (id: string) => layout.nodes.find(({ node }) => node.id === id)?.x ?? 0;
    expect(['left', 'right']).toContain(down);
    expect(findNeighbour(layout, down, x(down) < x(other) ? 'right' : 'left')).toBe(other);
    expect(findNeighbour(layout, down, 'down')).toBe('bottom');
    expect(findNeighbour(layout, 'bottom', 'down')).toBeNull();
    expect(['left', 'right']).toContain(findNeighbour(layout, 'bottom', 'up'));
    expect(findNeighbour(layout, 'nowhere', 'up')).toBeNull();
  });
});
