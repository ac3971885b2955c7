import type { Step, WaitStep, WaitUntil } from '../../domain/definition.ts';

/**
 * Cycles that an enrollment could run through without ever waiting, as lists of step ids in order. A decide step doesn't
 * count as a wait, since its delivery may end at once. Neither does a `when` that already holds.
 */
export function findInstantCycles(steps: readonly Step[]): string[][] {
  const edges = new Map(steps.map((step) => [step.id, instantEdges(step)]));
  const done = new Set<string>();
  const cycles: string[][] = [];
  const walk = (id: string, trail: string[]): void => {
    const start = trail.indexOf(id);
    if (start >= 0) {
      cycles.push(trail.slice(start));
      return;
    }
    if (done.has(id)) return;
    for (const next of edges.get(id) ?? []) walk(next, [...trail, id]);
    done.add(id);
  };
  for (const step of steps) walk(step.id, []);
  return cycles;
}

/** Steps that an enrollment can reach in the instant in which it enters. */
export function findInstantlyReachable(steps: readonly Step[]): Step[] {
  const first = steps[0];
  const reachable = first
    ? follow(first.id, new Map(steps.map((step) => [step.id, instantEdges(step)])))
    : new Set();
  return steps.filter((step) => reachable.has(step.id));
}

/** Ids of the steps that can't be reached from the first. */
export function findUnreachable(steps: readonly Step[]): string[] {
  const first = steps[0];
  const reachable = first
    ? follow(first.id, new Map(steps.map((step) => [step.id, allEdges(step)])))
    : new Set();
  return steps.map((step) => step.id).filter((id) => !reachable.has(id));
}

function follow(from: string, edges: ReadonlyMap<string, string[]>): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  while (open.length > 0) {
    const id = open.pop() as string;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(edges.get(id) ?? []));
  }
  return seen;
}

/** Next steps that can be reached in the instant in which the step begins. */
function instantEdges(step: Step): string[] {
  if (step.kind !== 'wait') return allEdges(step);
  return step.until.filter((until) => mayHoldAtOnce(until, step)).map((until) => until.next ?? step.next);
}

function mayHoldAtOnce(until: WaitUntil, { since }: WaitStep): boolean {
  // Since entering, the event may have happened and the time may be over.
  if (since === 'enter') return true;
  switch (until.kind) {
    case 'when':
      return until.for === 0;
    case 'after':
      return until.after === 0;
    // A date in the past ends the wait at once.
    case 'date':
      return true;
    case 'at':
    case 'event':
      return false;
    default: {
      const never: never = until;
      return never;
    }
  }
}

function allEdges(step: Step): string[] {
  switch (step.kind) {
    case 'decide':
      return [step.next, ...Object.values(step.then)];
    case 'wait':
      return step.until.map((until) => until.next ?? step.next);
    case 'branch':
      return [
        ...step.arms.map((arm) => arm.next),
        ...(step.arms.every((arm) => arm.kind === 'when') ? [step.next] : []),
      ];
    case 'set':
    case 'emit':
    case 'goto':
      return [step.next];
    case 'exit':
      return [];
    default: {
      const never: never = step;
      return never;
    }
  }
}
