import type { Step } from '../domain/definition.ts';

/**
 * Cycles that an enrollment could run through without ever standing still, as lists of step ids in order.
 * A decide step is no stop: what it delivers may be over at once, and so may be a `when` that holds already.
 */
export function instantCycles(steps: readonly Step[]): string[][] {
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

/** Steps that no way leads to from the first. */
export function unreachable(steps: readonly Step[]): string[] {
  const edges = new Map(steps.map((step) => [step.id, allEdges(step)]));
  const seen = new Set<string>();
  const open = steps[0] ? [steps[0].id] : [];
  while (open.length > 0) {
    const id = open.pop() as string;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(edges.get(id) ?? []));
  }
  return steps.map((step) => step.id).filter((id) => !seen.has(id));
}

/** Ways on that can be taken in the instant in which the step begins. */
function instantEdges(step: Step): string[] {
  if (step.kind !== 'wait') return allEdges(step);
  return step.until
    .filter((until) => {
      // Looking back at the whole enrollment, an event may be there and a time be over already.
      if (step.since === 'enter' || until.kind === 'when') return true;
      return until.kind === 'after' && until.after === 0;
    })
    .map((until) => until.next ?? step.next);
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
        ...(step.arms.some((arm) => arm.when === null) ? [] : [step.next]),
      ];
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
