import type { Layout, PlacedNode } from './layout.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

/**
 * The node that an arrow key leads to: down and up follow the edges, left and right go along the row. Null where there
 * is none.
 */
export function findNeighbour({ nodes, edges }: Layout, from: string, direction: Direction): string | null {
  const here = nodes.find(({ node }) => node.id === from);
  if (!here) return null;
  const x = here.x + here.width / 2;
  const linked = new Set(
    edges.flatMap(({ edge }) => {
      if (direction === 'down' && edge.from === from) return [edge.to];
      return direction === 'up' && edge.to === from ? [edge.from] : [];
    }),
  );
  const isBeside = direction === 'left' || direction === 'right';
  const candidates = nodes.filter((other) => {
    if (other === here) return false;
    if (isBeside) return isInRow(here, other) && (direction === 'left' ? other.x < here.x : other.x > here.x);
    return linked.has(other.node.id) && (direction === 'down' ? other.y > here.y : other.y < here.y);
  });
  const all =
    candidates.length > 0 || isBeside ? candidates : nodes.filter(({ node }) => linked.has(node.id));
  const aside = (other: PlacedNode) => Math.abs(other.x + other.width / 2 - x);
  const rows = (other: PlacedNode) => (isBeside ? 0 : Math.abs(other.y - here.y));
  const [nearest] = all.sort((a, b) => rows(a) - rows(b) || aside(a) - aside(b));
  return nearest?.node.id ?? null;
}

const isInRow = (a: PlacedNode, b: PlacedNode) =>
  Math.abs(a.y + a.height / 2 - (b.y + b.height / 2)) < (a.height + b.height) / 2;
