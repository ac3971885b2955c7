import type { DecideStep, Step } from '../domain/definition.ts';
import { celAt, type Reports } from './cel-check.ts';
import { compileArms } from './compile-branch.ts';
import { compileDecide, type Offer } from './compile-decide.ts';
import { compileEmit, compileSet } from './compile-effects.ts';
import { type CompileTrigger, compileUntil } from './compile-until.ts';
import { join } from './problem.ts';
import { instantCycles, unreachable } from './step-graph.ts';
import type { StepSource } from './step-schema.ts';

/** What steps are compiled with. */
export interface Within {
  offer: Offer;
  trigger: CompileTrigger;
  /** Events that open the journey, which is what `event` is in its steps; empty if it may be something else. */
  events: readonly string[];
  reports: Reports;
  /** Checks that the step is there, and gives its id back. */
  targetAt(path: string, target: string): string;
}

/** Compiles a journey's steps: names become certain, and every step has its next. */
export function compileSteps(sources: StepSource[], given: Omit<Within, 'targetAt'>): Step[] {
  const { reports } = given;
  const ids = sources.map((source) => source.id);
  checkIds(ids, reports);
  const targetAt = (path: string, target: string): string => {
    if (target !== 'exit' && !ids.includes(target)) {
      reports.error(path, `unknown step '${target}': use ${[...ids, 'exit'].join(', ')}`);
    }
    return target;
  };
  const within: Within = { ...given, targetAt };
  const steps = sources.map((source, index): Step => {
    const path = `steps[${index}]`;
    const next =
      source.next === undefined ? (ids[index + 1] ?? 'exit') : targetAt(join(path, 'next'), source.next);
    return compileStep(source, path, next, within);
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

function compileStep(source: StepSource, path: string, next: string, within: Within): Step {
  const { id } = source;
  if (source.decide)
    return { kind: 'decide', id, next, ...decideOf(source.decide, join(path, 'decide'), within) };
  if (source.wait) {
    const until = source.wait.until.map((item, index) =>
      compileUntil(item, `${path}.wait.until[${index}]`, within),
    );
    return { kind: 'wait', id, next, since: source.wait.since, until };
  }
  if (source.branch) {
    return { kind: 'branch', id, next, arms: compileArms(source.branch, id, join(path, 'branch'), within) };
  }
  if (source.set) return { kind: 'set', id, next, ...compileSet(source.set, join(path, 'set'), within) };
  if (source.emit) return { kind: 'emit', id, next, ...compileEmit(source.emit, join(path, 'emit'), within) };
  if (source.goto !== undefined)
    return { kind: 'goto', id, next: within.targetAt(join(path, 'goto'), source.goto) };
  return { kind: 'exit', id, next: 'exit', reason: source.exit ?? 'exit' };
}

function decideOf(
  source: NonNullable<StepSource['decide']>,
  path: string,
  { offer, reports, events, targetAt }: Within,
): Omit<DecideStep, 'kind' | 'id' | 'next'> {
  const then: DecideStep['then'] = {};
  for (const [outcome, target] of Object.entries(source.then)) {
    then[outcome] = targetAt(`${path}.then.${outcome}`, target);
  }
  return {
    ...compileDecide(source, path, offer, reports),
    about: celAt(reports, join(path, 'about'), source.about, { want: 'text', events }),
    autonomy: source.autonomy ?? null,
    then,
  };
}
