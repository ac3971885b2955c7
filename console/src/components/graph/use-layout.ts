import { useEffect, useMemo, useState } from 'react';
import type { Graph } from '../../journey-graph/graph.ts';
import { type Layout, placeGraph } from '../../journey-graph/layout.ts';

/** Graphs of this size are placed at once; larger ones when the browser has nothing else to do. */
const SMALL = 60;

/**
 * Where the nodes are; null until it is known. New counts and marks on the same steps don't place them again.
 */
export function useLayout(graph: Graph): Layout | null {
  const shape = JSON.stringify([
    graph.nodes.map(({ id, detail }) => [id, detail !== undefined]),
    graph.edges.map(({ from, to, title }) => [from, to, title]),
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` says whether the places differ
  const small = useMemo(() => (graph.nodes.length <= SMALL ? placeGraph(graph) : null), [shape]);
  const [large, setLarge] = useState<{ shape: string; layout: Layout } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` says whether the places differ
  useEffect(() => {
    if (graph.nodes.length <= SMALL) return;
    return whenIdle(() => setLarge({ shape, layout: placeGraph(graph) }));
  }, [shape]);
  const layout = small ?? (large?.shape === shape ? large.layout : null);
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
