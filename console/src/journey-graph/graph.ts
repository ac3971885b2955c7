/** What a node of a picture is. A step of a journey has its kind; the others frame the steps. */
export const NODE_KINDS = [
  'enter',
  'decide',
  'wait',
  'branch',
  'set',
  'emit',
  'goto',
  'exit',
  'goal',
  'leave',
  'end',
] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

/** How a node or an edge differs from another version. */
export type DiffState = 'added' | 'removed' | 'changed' | 'kept';

export interface GraphNode {
  id: string;
  kind: NodeKind;
  title: string;
  /** What it does, in a few words. */
  note?: string | undefined;
  /** A third line: how long customers stay. */
  detail?: string | undefined;
  /** Customers who are there. */
  count?: number | undefined;
  state?: DiffState | undefined;
  /** Who is here, of whom the picture is: a customer's name. */
  here?: string | undefined;
}

export interface GraphEdge {
  from: string;
  to: string;
  title?: string | undefined;
  state?: DiffState | undefined;
}

/** A picture of steps and where they lead. */
export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}
