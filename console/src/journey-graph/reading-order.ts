import type { Graph, GraphEdge, GraphNode } from './graph.ts';

/** A node with where it leads: one item of the list that stands for the picture. */
export interface ListedNode {
  node: GraphNode;
  leadsTo: { edge: GraphEdge; target: GraphNode }[];
}

/**
 * The nodes in the order in which one reads them: each way in, then what it leads to, in the order of the definition.
 * Nodes that nothing leads to follow where they stand.
 */
export function listInReadingOrder({ nodes, edges }: Graph): ListedNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const outgoing = new Map<string, { edge: GraphEdge; target: GraphNode }[]>();
  for (const edge of edges) {
    const target = byId.get(edge.to);
    if (!target || !byId.has(edge.from)) continue;
    outgoing.set(edge.from, [...(outgoing.get(edge.from) ?? []), { edge, target }]);
  }
  const seen = new Set<string>();
  const listed: ListedNode[] = [];
  const visit = (first: GraphNode) => {
    const queue = [first];
    for (let node = queue.pop(); node; node = queue.pop()) {
      if (seen.has(node.id)) continue;
      seen.add(node.id);
      const leadsTo = outgoing.get(node.id) ?? [];
      listed.push({ node, leadsTo });
      for (const { target } of [...leadsTo].reverse()) if (target.kind !== 'end') queue.push(target);
    }
  };
  for (const node of nodes) if (node.kind === 'enter') visit(node);
  for (const node of nodes) if (node.kind !== 'end') visit(node);
  for (const node of nodes) visit(node);
  return listed;
}
