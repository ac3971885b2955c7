import { useEffect, useMemo, useState } from 'react';
import type { Graph } from '../../journey-graph/graph.ts';
import { type Layout, placeGraph } from '../../journey-graph/layout.ts';

/** Graphs of this size are placed at once; larger ones when the browser has nothing else to do. */
const SMALL = 60;

/**
 * Where the nodes are; null until it is known. New counts and marks on the same steps don't place them again. While nodes
 * that have become higher are placed, they stay where they were.
 */
export function useLayout(graph: Graph): Layout | null {
  const steps = JSON.stringify([
    graph.nodes.map(({ id }) => id),
    graph.edges.map(({ from, to, title }) => [from, to, title]),
  ]);
  const shape = JSON.stringify([steps, graph.nodes.map(({ detail }) => detail !== undefined)]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` says whether the places differ
  const small = useMemo(() => (graph.nodes.length <= SMALL ? placeGraph(graph) : null), [shape]);
  const [large, setLarge] = useState<{ steps: string; layout: Layout } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` says whether the places differ
  useEffect(() => {
    if (graph.nodes.length <= SMALL) return;
    return whenIdle(() => setLarge({ steps, layout: placeGraph(graph) }));
  }, [shape]);
  const layout = small ?? (large?.steps === steps ? large.layout : null);
  return useMemo(() => layout && refresh(layout, graph), [layout, graph]);
}

/** The same places with the nodes and edges as they are now. */
function refresh(layout: Layout, graph: Graph): Layout {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  return {
    nodes: layout.nodes.map((placed) => ({ ...placed, node: nodes.get(placed.node.id) ?? placed.node })),
    edges: layout.edges.map((placed, index) => ({ ...placed, edge: graph.edges[index] ?? placed.edge })),
  };
}

function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 0);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: 500 });
  return () => cancelIdleCallback(handle);
}
