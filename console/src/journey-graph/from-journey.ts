import { type Graph, type GraphNode, NODE_KINDS, type NodeKind } from './graph.ts';

/** The graph of a journey as the API answers it. */
export interface JourneyGraph {
  nodes: {
    id: string;
    kind: string;
    label: string;
    /** Of a decide step: its label begins with them. */
    actions?: string[];
    class?: string;
    human?: boolean;
  }[];
  edges: { from: string; to: string; label: string }[];
}

/** What is added to the steps: how many customers are there, how long they stay, and who is there. */
export interface StepFacts {
  count?: number | undefined;
  detail?: string | undefined;
  here?: string | undefined;
}

/** The words that a picture of a journey needs besides those of its definition. */
export interface JourneyWords {
  enter: string;
  goal: string;
  leave: string;
  end: string;
  /** A person carries it out. */
  human: string;
  /** What people read instead of an action's id. */
  action(id: string): string;
}

/** Makes a picture of the graph of a journey. */
export function toGraph(
  journey: JourneyGraph,
  words: JourneyWords,
  facts: ReadonlyMap<string, StepFacts> = new Map(),
): Graph {
  return {
    nodes: journey.nodes.map((node) => ({ ...toNode(node, words), ...facts.get(node.id) })),
    edges: journey.edges.map(({ from, to, label }) => ({ from, to, title: label || undefined })),
  };
}

function toNode(
  { id, kind, label: ids, actions = [], human }: JourneyGraph['nodes'][number],
  words: JourneyWords,
): GraphNode {
  const label = actions.map(words.action).join(', ') + ids.slice(actions.join(', ').length);
  const known: NodeKind = NODE_KINDS.find((name) => name === kind) ?? 'set';
  if (known === 'end') return { id, kind: known, title: words.end };
  if (known === 'enter' || known === 'goal' || known === 'leave')
    return { id, kind: known, title: words[known], note: label };
  return { id, kind: known, title: id, note: human ? `${label} · ${words.human}` : label };
}
