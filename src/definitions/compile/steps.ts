import { suggestName } from '../../content/nearest-name.ts';
import type { DecideStep, Step } from '../../domain/definition.ts';
import type { CompileContext } from '../check/context.ts';
import { findInstantCycles, findUnreachable } from '../check/step-graph.ts';
import { joinPath } from '../source/problem.ts';
import type { StepSource } from '../source/step-schema.ts';
import { compileArms } from './branch.ts';
import { compileDecide } from './decide.ts';
import { compileExpression } from './expression.ts';
import { compileEmit, compileSet } from './set-and-emit.ts';
import type { StepContext } from './step-context.ts';
import { compileUntil } from './wait.ts';

/** Compiles a journey's steps: every name is resolved, and every step has its `next`. */
export function compileSteps(
  sources: StepSource[],
  journeyContext: Omit<StepContext, 'resolveTarget'>,
): Step[] {
  const ids = sources.map((source) => source.id);
  checkIds(ids, journeyContext);
  const context: StepContext = {
    ...journeyContext,
    resolveTarget: (path, target) => {
      if (target !== 'exit' && !ids.includes(target))
        journeyContext.error(
          path,
          `unknown step '${target}': use ${[...ids, 'exit'].join(', ')}${suggestName(target, ids)}`,
        );
      return target;
    },
  };
  const steps = sources.map((source, index): Step => {
    const path = `steps[${index}]`;
    const next =
      source.next === undefined
        ? (ids[index + 1] ?? 'exit')
        : context.resolveTarget(joinPath(path, 'next'), source.next);
    return compileStep(source, path, next, context);
  });
  checkGraph(steps, context);
  return steps;
}

function checkIds(ids: string[], { error }: CompileContext): void {
  ids.forEach((id, index) => {
    const first = ids.indexOf(id);
    if (first < index) error(`steps[${index}].id`, `duplicate step id '${id}': steps[${first}] has it`);
    if (id === 'exit') error(`steps[${index}].id`, "'exit' means leaving the journey: choose another id");
  });
}

function checkGraph(steps: readonly Step[], { error, warn }: CompileContext): void {
  const pathOf = (id: string | undefined) => `steps[${steps.findIndex((step) => step.id === id)}]`;
  for (const cycle of findInstantCycles(steps)) {
    const route = [...cycle, cycle[0]].join(' → ');
    error(pathOf(cycle[0]), `steps loop without a wait: ${route}; add a wait with after, at or on`);
  }
  for (const id of findUnreachable(steps)) warn(pathOf(id), `step '${id}' is never reached`);
}

function compileStep(source: StepSource, path: string, next: string, context: StepContext): Step {
  const { id } = source;
  if (source.decide)
    return {
      kind: 'decide',
      id,
      next,
      ...compileDecideStep(source.decide, joinPath(path, 'decide'), context),
    };
  if (source.wait) {
    const until = source.wait.until.map((item, index) =>
      compileUntil(item, `${path}.wait.until[${index}]`, context),
    );
    return { kind: 'wait', id, next, since: source.wait.since, until };
  }
  if (source.branch) {
    const arms = compileArms(source.branch, id, joinPath(path, 'branch'), context);
    return { kind: 'branch', id, next, arms };
  }
  if (source.set) return { kind: 'set', id, next, ...compileSet(source.set, joinPath(path, 'set'), context) };
  if (source.emit)
    return { kind: 'emit', id, next, ...compileEmit(source.emit, joinPath(path, 'emit'), context) };
  if (source.goto !== undefined)
    return { kind: 'goto', id, next: context.resolveTarget(joinPath(path, 'goto'), source.goto) };
  return { kind: 'exit', id, next: 'exit', reason: source.exit ?? 'exit' };
}

function compileDecideStep(
  source: NonNullable<StepSource['decide']>,
  path: string,
  context: StepContext,
): Omit<DecideStep, 'kind' | 'id' | 'next'> {
  const then: DecideStep['then'] = {};
  for (const [outcome, target] of Object.entries(source.then)) {
    then[outcome] = context.resolveTarget(`${path}.then.${outcome}`, target);
  }
  const { events } = context;
  return {
    ...compileDecide(source, path, context),
    about: compileExpression(context, joinPath(path, 'about'), source.about, {
      expectedType: 'text',
      events,
    }),
    autonomy: source.autonomy ?? null,
    then,
  };
}
