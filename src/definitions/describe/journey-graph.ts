import {
  ACTION_CLASSES,
  type ActionClass,
  type ActionDef,
  type BranchArm,
  type JourneyDef,
  type Step,
} from '../../domain/definition.ts';
import {
  describeEntry,
  describeExit,
  describeStep,
  describeTrigger,
  describeUntil,
  formatShare,
} from './summaries.ts';

interface GraphNode {
  /** A step's id, or one with a colon, which no step id has: `enter:0`, `goal:0`, `exit:0`, `end:0`. */
  id: string;
  /** A step's kind, or `enter`, `goal`, `leave` (an exit of the journey, checked before any step) or `end`. */
  kind: Step['kind'] | 'enter' | 'goal' | 'leave' | 'end';
  label: string;
  /** The actions of a decide step, with which its label begins. */
  actions?: string[];
  /** The highest class of the actions of a decide step. */
  class?: ActionClass;
  /** A person carries out at least one of its actions. */
  human?: true;
}

interface GraphEdge {
  from: string;
  to: string;
  /** Outcome or condition. Empty for an unconditional edge. */
  label: string;
}

const END = 'end:0';

export interface JourneyGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** Builds the graph that the console draws: a journey's entries, steps, goal and exits, and where each leads. */
export function buildJourneyGraph(journey: JourneyDef, actions: readonly ActionDef[]): JourneyGraph {
  const byId = new Map(actions.map((action) => [action.id, action]));
  const first = journey.steps[0]?.id ?? END;
  const entries = journey.enter.map((entry, index): GraphNode => {
    return { id: `enter:${index}`, kind: 'enter', label: describeEntry(entry) };
  });
  const goal: GraphNode[] = journey.goal
    ? [{ id: 'goal:0', kind: 'goal', label: describeTrigger(journey.goal) }]
    : [];
  const exits = journey.exit.map((exit, index): GraphNode => {
    return { id: `exit:${index}`, kind: 'leave', label: describeExit(exit) };
  });
  const steps = journey.steps.map((step): GraphNode => {
    return { id: step.id, kind: step.kind, label: describeStep(step), ...describeOffer(step, byId) };
  });
  return {
    nodes: [...entries, ...steps, ...goal, ...exits, { id: END, kind: 'end', label: 'leaves' }],
    edges: [
      ...entries.map(({ id }) => ({ from: id, to: first, label: '' })),
      ...journey.steps.flatMap(listEdges),
      ...(journey.goal?.exit ? [{ from: 'goal:0', to: END, label: 'goal' }] : []),
      ...exits.map(({ id }) => ({ from: id, to: END, label: '' })),
    ],
  };
}

/** What kind of actions a decide step offers. */
function describeOffer(
  step: Step,
  actions: ReadonlyMap<string, ActionDef>,
): Pick<GraphNode, 'actions' | 'class' | 'human'> {
  if (step.kind !== 'decide') return {};
  const offered = step.actions.flatMap((id) => actions.get(id) ?? []);
  const highest = ACTION_CLASSES.find((name) => offered.some((action) => action.class === name));
  return {
    actions: step.actions,
    ...(highest ? { class: highest } : {}),
    ...(offered.some(({ mode }) => mode === 'human') ? { human: true as const } : {}),
  };
}

function listEdges(step: Step): GraphEdge[] {
  const edge = (target: string, label: string): GraphEdge => ({
    from: step.id,
    to: target === 'exit' ? END : target,
    label,
  });
  switch (step.kind) {
    case 'decide':
      return [edge(step.next, ''), ...listOutcomes(step).map(([outcome, to]) => edge(to, outcome))];
    case 'wait':
      return step.until.map((until) => edge(until.next ?? step.next, describeUntil(until)));
    case 'branch': {
      const arms = step.arms.map((arm) => edge(arm.next, describeArm(arm)));
      return step.arms.every((arm) => arm.kind === 'when') ? [...arms, edge(step.next, 'else')] : arms;
    }
    case 'exit':
      return [edge('exit', step.reason)];
    case 'set':
    case 'emit':
    case 'goto':
      return [edge(step.next, '')];
    default: {
      const never: never = step;
      return never;
    }
  }
}

/** By name: Postgres keeps no order of them, and graphs are compared. */
function listOutcomes({ then }: Extract<Step, { kind: 'decide' }>): [string, string][] {
  return Object.entries(then).sort(([a], [b]) => (a < b ? -1 : 1));
}

function describeArm(arm: BranchArm): string {
  if (arm.kind === 'when') return arm.when;
  return arm.kind === 'share' ? formatShare(arm.share) : 'else';
}
