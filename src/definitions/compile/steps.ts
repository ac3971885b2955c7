import type { DecideStep, Step } from '../../domain/definition.ts';
import { findInstantCycles, findUnreachable } from '../check/step-graph.ts';
import { joinPath } from '../source/problem.ts';
import type { StepSource } from '../source/step-schema.ts';
import { compileArms } from './branch.ts';
import { type AvailableActions, compileDecide } from './decide.ts';
import { type CompileContext, compileExpression } from './expression.ts';
import { compileEmit, compileSet } from './set-and-emit.ts';
import { type CompileTrigger, compileUntil } from './wait.ts';

/** What steps are compiled with. */
export interface StepContext {
  offer: AvailableActions;
  trigger: CompileTrigger;
  /** Events that open the journey, which is what `event` is in its steps; empty if it may be something else. */
  events: readonly string[];
  reports: CompileContext;
  /** Checks that the step is there, and gives its id back. */
  targetAt(path: string, target: string): string;
}

/** Compiles a journey's steps: names become certain, and every step has its next. */
export function compileSteps(sources: StepSource[], given: Omit<StepContext, 'targetAt'>): Step[] {
  const { reports } = given;
  const ids = sources.map((source) => source.id);
  checkIds(ids, reports);
  const targetAt = (path: string, target: string): string => {
    if (target !== 'exit' && !ids.includes(target)) {
      reports.error(path, `unknown step '${target}': use ${[...ids, 'exit'].join(', ')}`);
    }
    return target;
  };
  const within: StepContext = { ...given, targetAt };
  const steps = sources.map((source, index): Step => {
    const path = `steps[${index}]`;
    const next =
      source.next === undefined ? (ids[index + 1] ?? 'exit') : targetAt(joinPath(path, 'next'), source.next);
    return compileStep(source, path, next, within);
  });
  for (const cycle of findInstantCycles(steps)) {
    const way = [...cycle, cycle[0]].join(' → ');
    reports.error(
      `steps[${ids.indexOf(cycle[0] as string)}]`,
      `cycle that nothing stops: ${way}; put a wait with after or on into it`,
    );
  }
  for (const id of findUnreachable(steps))
    reports.warn(`steps[${ids.indexOf(id)}]`, `step '${id}' is never reached`);
  return steps;
}

function checkIds(ids: string[], { error }: CompileContext): void {
  ids.forEach((id, index) => {
    const first = ids.indexOf(id);
    if (first < index) error(`steps[${index}].id`, `duplicate step id '${id}': steps[${first}] has it`);
    if (id === 'exit')
      error(`steps[${index}].id`, "'exit' stands for leaving the journey; choose another id");
  });
}

function compileStep(source: StepSource, path: string, next: string, within: StepContext): Step {
  const { id } = source;
  if (source.decide)
    return { kind: 'decide', id, next, ...decideOf(source.decide, joinPath(path, 'decide'), within) };
  if (source.wait) {
    const until = source.wait.until.map((item, index) =>
      compileUntil(item, `${path}.wait.until[${index}]`, within),
    );
    return { kind: 'wait', id, next, since: source.wait.since, until };
  }
  if (source.branch) {
    return {
      kind: 'branch',
      id,
      next,
      arms: compileArms(source.branch, id, joinPath(path, 'branch'), within),
    };
  }
  if (source.set) return { kind: 'set', id, next, ...compileSet(source.set, joinPath(path, 'set'), within) };
  if (source.emit)
    return { kind: 'emit', id, next, ...compileEmit(source.emit, joinPath(path, 'emit'), within) };
  if (source.goto !== undefined)
    return { kind: 'goto', id, next: within.targetAt(joinPath(path, 'goto'), source.goto) };
  return { kind: 'exit', id, next: 'exit', reason: source.exit ?? 'exit' };
}

function decideOf(
  source: NonNullable<StepSource['decide']>,
  path: string,
  { offer, reports, events, targetAt }: StepContext,
): Omit<DecideStep, 'kind' | 'id' | 'next'> {
  const then: DecideStep['then'] = {};
  for (const [outcome, target] of Object.entries(source.then)) {
    then[outcome] = targetAt(`${path}.then.${outcome}`, target);
  }
  return {
    ...compileDecide(source, path, offer, reports),
    about: compileExpression(reports, joinPath(path, 'about'), source.about, {
      expectedType: 'text',
      events,
    }),
    autonomy: source.autonomy ?? null,
    then,
  };
}
