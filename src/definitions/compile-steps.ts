import type { DecideStep, Step, Trigger, WaitStep, WaitUntil } from '../domain/definition.ts';
import { type Reports, whenAt } from './cel-check.ts';
import { compileDecide, type Offer } from './compile-decide.ts';
import { join } from './problem.ts';
import { millis } from './scalars.ts';
import { instantCycles, unreachable } from './step-graph.ts';
import type { StepSource, UntilSource } from './step-schema.ts';

/** Checks and compiles a trigger whose fields stand at `path`. */
export type CompileTrigger = (
  source: { on: string; when?: string | undefined; match?: 'key' | 'customer' | undefined },
  path: string,
) => Trigger;

/** Compiles a journey's steps: names become certain, and every step has its next. */
export function compileSteps(
  sources: StepSource[],
  offer: Offer,
  trigger: CompileTrigger,
  reports: Reports,
): Step[] {
  const ids = sources.map((source) => source.id);
  checkIds(ids, reports);
  const targetAt = (path: string, target: string): string => {
    if (target !== 'exit' && !ids.includes(target)) {
      reports.error(path, `unknown step '${target}': use ${[...ids, 'exit'].join(', ')}`);
    }
    return target;
  };
  const steps = sources.map((source, index): Step => {
    const path = `steps[${index}]`;
    const next =
      source.next === undefined ? (ids[index + 1] ?? 'exit') : targetAt(join(path, 'next'), source.next);
    return compileStep(source, path, next, targetAt, offer, trigger, reports);
  });
  for (const cycle of instantCycles(steps)) {
    const way = [...cycle, cycle[0]].join(' → ');
    reports.error(
      `steps[${ids.indexOf(cycle[0] as string)}]`,
      `cycle that nothing stops: ${way}; put a wait with after or on into it`,
    );
  }
  for (const id of unreachable(steps))
    reports.warn(`steps[${ids.indexOf(id)}]`, `step '${id}' is never reached`);
  return steps;
}

function checkIds(ids: string[], { error }: Reports): void {
  ids.forEach((id, index) => {
    const first = ids.indexOf(id);
    if (first < index) error(`steps[${index}].id`, `duplicate step id '${id}': steps[${first}] has it`);
    if (id === 'exit')
      error(`steps[${index}].id`, "'exit' stands for leaving the journey; choose another id");
  });
}

type TargetAt = (path: string, target: string) => string;

function compileStep(
  source: StepSource,
  path: string,
  next: string,
  targetAt: TargetAt,
  offer: Offer,
  trigger: CompileTrigger,
  reports: Reports,
): Step {
  const { id } = source;
  if (source.decide) {
    const then: DecideStep['then'] = {};
    for (const [outcome, target] of Object.entries(source.decide.then)) {
      then[outcome] = targetAt(`${path}.decide.then.${outcome}`, target);
    }
    return {
      kind: 'decide',
      id,
      next,
      ...compileDecide(source.decide, join(path, 'decide'), offer, reports),
      then,
    };
  }
  if (source.wait) {
    const until = source.wait.until.map((item, index) => {
      return compileUntil(item, `${path}.wait.until[${index}]`, targetAt, trigger, reports);
    });
    return { kind: 'wait', id, next, since: source.wait.since, until } satisfies WaitStep;
  }
  if (source.branch) {
    const arms = source.branch.map((arm, index) => {
      const at = `${path}.branch[${index}]`;
      if (arm.else !== undefined) {
        if (index < (source.branch?.length ?? 0) - 1) reports.error(at, 'else must come last');
        return { when: null, next: targetAt(join(at, 'else'), arm.else) };
      }
      return { when: whenAt(reports, at, arm.when), next: targetAt(join(at, 'next'), arm.next ?? 'exit') };
    });
    return { kind: 'branch', id, next, arms };
  }
  if (source.goto !== undefined) return { kind: 'goto', id, next: targetAt(join(path, 'goto'), source.goto) };
  return { kind: 'exit', id, next: 'exit', reason: source.exit ?? 'exit' };
}

function compileUntil(
  source: UntilSource,
  path: string,
  targetAt: TargetAt,
  trigger: CompileTrigger,
  reports: Reports,
): WaitUntil {
  if (typeof source === 'string')
    return { kind: 'event', trigger: trigger({ on: source }, path), next: null };
  const next = source.next === undefined ? null : targetAt(join(path, 'next'), source.next);
  if (source.on !== undefined)
    return { kind: 'event', trigger: trigger({ ...source, on: source.on }, path), next };
  if (source.after !== undefined) return { kind: 'after', after: millis(source.after), next };
  return { kind: 'when', when: whenAt(reports, path, source.when) ?? 'false', next };
}
