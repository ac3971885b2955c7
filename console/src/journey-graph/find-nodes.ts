import type { Graph, GraphNode } from './graph.ts';

/** The nodes that have all of these words in their title or note; those with the words as their title come first. */
export function findNodes({ nodes }: Graph, words: string): GraphNode[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  const title = wanted.join(' ');
  const found = nodes.filter((node) => {
    const text = `${node.title} ${node.note ?? ''}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const isExact = (node: GraphNode) => Number(node.title.toLowerCase() === title);
  return found.sort((a, b) => isExact(b) - isExact(a));
}
