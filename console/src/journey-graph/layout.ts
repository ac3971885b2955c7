import { Graph as DagreGraph, layout } from '@dagrejs/dagre';
import type { Graph, GraphEdge, GraphNode } from './graph.ts';

const NODE_WIDTH = 224;
const NODE_HEIGHT = 62;
const DETAIL_HEIGHT = 18;
const LABEL_HEIGHT = 20;

export interface Point {
  x: number;
  y: number;
}

export interface PlacedNode extends Point {
  node: GraphNode;
  width: number;
  height: number;
}

export interface PlacedEdge {
  id: string;
  edge: GraphEdge;
  points: Point[];
  /** The middle of the label. */
  label: Point | null;
}

export interface Layout {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
}

/** Places nodes from top to bottom. The same graph is placed in the same way each time. */
export function placeGraph({ nodes, edges }: Graph): Layout {
  const dagre = new DagreGraph({ multigraph: true });
  dagre.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 44, edgesep: 16, marginx: 16, marginy: 16 });
  const ids = new Set(nodes.map(({ id }) => id));
  for (const node of nodes) dagre.setNode(node.id, { width: NODE_WIDTH, height: heightOf(node) });
  const drawn = edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  drawn.forEach((edge, index) => {
    const label = edge.title ? { width: widthOf(edge.title), height: LABEL_HEIGHT } : { width: 0, height: 0 };
    dagre.setEdge(edge.from, edge.to, { ...label, labelpos: 'c' }, String(index));
  });
  layout(dagre);
  return {
    nodes: nodes.map((node) => {
      const { x, y } = dagre.node(node.id) as Point;
      const height = heightOf(node);
      return { node, x: x - NODE_WIDTH / 2, y: y - height / 2, width: NODE_WIDTH, height };
    }),
    edges: drawn.map((edge, index) => {
      const placed = dagre.edge({ v: edge.from, w: edge.to, name: String(index) }) as {
        points: Point[];
        x?: number;
        y?: number;
      };
      const { points, x, y } = placed;
      const label = edge.title && x !== undefined && y !== undefined ? { x, y } : null;
      return { id: `${index}:${edge.from}:${edge.to}`, edge, points, label };
    }),
  };
}

const heightOf = ({ detail }: GraphNode) => NODE_HEIGHT + (detail ? DETAIL_HEIGHT : 0);

/** Labels are cut to this many characters; the list has all of them. */
export const LABEL_CHARS = 26;

const widthOf = (title: string) => Math.min(title.length, LABEL_CHARS) * 6.4 + 14;

/** The path of an edge through its points, with round corners. */
export function toPath(points: Point[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (!first || !last) return '';
  const parts = [`M${first.x},${first.y}`];
  rest.forEach((point, index) => {
    const next = rest[index + 1] ?? last;
    parts.push(`Q${point.x},${point.y} ${(point.x + next.x) / 2},${(point.y + next.y) / 2}`);
  });
  return `${parts.join(' ')} L${last.x},${last.y}`;
}
