import type { JourneyDef, Step } from '../../domain/definition.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { describeStep } from '../describe/summaries.ts';
import { describeStepChange, describeStepRemoval, PINNED, STEP_ADDED } from './consequences.ts';
import type { BundleEdit } from './edit.ts';
import { equalJson } from './equal-json.ts';

/** Differences of a journey's steps, each with what it means for customers who are at the step. */
export function diffSteps(before: JourneyDef, after: JourneyDef): BundleEdit[] {
  const beforeById = new Map(before.steps.map((step) => [step.id, step]));
  const idsAfter = new Set(after.steps.map((step) => step.id));
  const isPinned = before.versions === 'pin';
  const createEdit = (
    kind: BundleEdit['kind'],
    step: string,
    change: string,
    consequence: string,
  ): BundleEdit => {
    return { kind, journey: after.id, step, change, consequence: isPinned ? PINNED : consequence };
  };
  const removed = before.steps
    .filter(({ id }) => !idsAfter.has(id))
    .map(({ id }) => {
      const destination = getOwn(after.moved, id) ?? 'exit';
      return createEdit('step_removed', id, `step ${id}`, describeStepRemoval(destination));
    });
  const addedAndChanged = after.steps.flatMap((step): BundleEdit[] => {
    const { id } = step;
    const previous = beforeById.get(id);
    if (!previous) return [createEdit('step_added', id, `step ${id}: ${describeStep(step)}`, STEP_ADDED)];
    if (equalJson(previous, step)) return [];
    const change = `step ${id}: ${describeStep(previous)} → ${describeStep(step)}`;
    return [createEdit(kindOfChange(previous, step), id, change, describeStepChange(previous, step))];
  });
  return [...removed, ...addedAndChanged];
}

function kindOfChange(before: Step, after: Step): 'wait_changed' | 'step_changed' {
  const isNewWait = before.kind === 'wait' && after.kind === 'wait' && !equalJson(before.until, after.until);
  return isNewWait ? 'wait_changed' : 'step_changed';
}
