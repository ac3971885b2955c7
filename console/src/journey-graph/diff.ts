import type { Graph, GraphEdge, GraphNode } from './graph.ts';

const EMPTY: Graph = { nodes: [], edges: [] };

/**
 * One picture of two versions: everything of both, marked as added, removed, changed or kept. Null is a version without
 * the journey.
 * @param changed ids of steps that differ in what the picture does not show
 */
export function diffGraphs(
  before: Graph | null,
  after: Graph | null,
  changed: ReadonlySet<string> = new Set(),
): Graph {
  return {
    nodes: diffNodes((before ?? EMPTY).nodes, (after ?? EMPTY).nodes, changed),
    edges: diffEdges((before ?? EMPTY).edges, (after ?? EMPTY).edges),
  };
}

function diffNodes(before: GraphNode[], after: GraphNode[], changed: ReadonlySet<string>): GraphNode[] {
  const earlier = new Map(before.map((node) => [node.id, node]));
  const later = new Set(after.map(({ id }) => id));
  const kept = after.map((node): GraphNode => {
    const was = earlier.get(node.id);
    if (!was) return { ...node, state: 'added' };
    const isSame = was.kind === node.kind && was.title === node.title && was.note === node.note;
    const counted = { count: node.count ?? was.count, detail: node.detail ?? was.detail };
    return { ...node, ...counted, state: isSame && !changed.has(node.id) ? 'kept' : 'changed' };
  });
  const removed = before.filter(({ id }) => !later.has(id));
  return [...kept, ...removed.map((node): GraphNode => ({ ...node, state: 'removed' }))];
}

function diffEdges(before: GraphEdge[], after: GraphEdge[]): GraphEdge[] {
  const earlier = countKeys(before);
  const later = countKeys(after);
  const mark = (edges: GraphEdge[], other: Map<string, number>, state: 'added' | 'removed' | 'kept') => {
    const left = new Map(other);
    return edges.flatMap((edge): GraphEdge[] => {
      const key = keyOf(edge);
      const n = left.get(key) ?? 0;
      left.set(key, n - 1);
      if (n > 0) return state === 'removed' ? [] : [{ ...edge, state: 'kept' }];
      return [{ ...edge, state }];
    });
  };
  return [...mark(after, earlier, 'added'), ...mark(before, later, 'removed')];
}

const keyOf = ({ from, to, title }: GraphEdge) => JSON.stringify([from, to, title ?? '']);

function countKeys(edges: GraphEdge[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const edge of edges) counts.set(keyOf(edge), (counts.get(keyOf(edge)) ?? 0) + 1);
  return counts;
}

/** How many nodes differ, by how: for a summary in words. */
export function countStates(graph: Graph): Record<'added' | 'removed' | 'changed', number> {
  const of = (state: string) => graph.nodes.filter((node) => node.state === state).length;
  return { added: of('added'), removed: of('removed'), changed: of('changed') };
}
