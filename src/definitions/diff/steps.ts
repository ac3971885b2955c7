import type { JourneyDef, Step } from '../../domain/definition.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { describeStep } from '../describe/summaries.ts';
import { type BundleEdit, PINNED_CONSEQUENCE } from './edit.ts';
import { equalJson } from './equal-json.ts';

/** Differences of a journey's steps, each with what it means for who stands there. */
export function diffSteps(before: JourneyDef, after: JourneyDef): BundleEdit[] {
  const known = new Map(before.steps.map((step) => [step.id, step]));
  const there = new Set(after.steps.map((step) => step.id));
  const pinned = before.versions === 'pin';
  const removed = before.steps
    .filter(({ id }) => !there.has(id))
    .map(({ id }): BundleEdit => {
      const to = getOwn(after.moved, id) ?? 'exit';
      const rule = `those who stand on it ${to === 'exit' ? 'leave' : `go to '${to}'`}; what is planned for them there is cancelled`;
      return {
        kind: 'step_removed',
        journey: after.id,
        step: id,
        change: `step ${id}`,
        consequence: pinned ? PINNED_CONSEQUENCE : rule,
      };
    });
  const others = after.steps.flatMap((step): BundleEdit[] => {
    const old = known.get(step.id);
    const at = { journey: after.id, step: step.id };
    if (!old) {
      const rule = 'whoever comes to it from now on takes it; nobody is sent back';
      return [
        {
          kind: 'step_added',
          ...at,
          change: `step ${step.id}: ${describeStep(step)}`,
          consequence: pinned ? PINNED_CONSEQUENCE : rule,
        },
      ];
    }
    if (equalJson(old, step)) return [];
    const kind =
      old.kind === 'wait' && step.kind === 'wait' && !equalJson(old.until, step.until)
        ? 'wait_changed'
        : 'step_changed';
    const what = `step ${step.id}: ${describeStep(old)} → ${describeStep(step)}`;
    return [{ kind, ...at, change: what, consequence: pinned ? PINNED_CONSEQUENCE : ruleOf(old, step) }];
  });
  return [...removed, ...others];
}

function ruleOf(old: Step, step: Step): string {
  if (old.kind !== step.kind)
    return `those who stand on it begin it anew, as a ${step.kind} step; what is planned for them there is cancelled`;
  switch (step.kind) {
    case 'wait':
      return 'applies at once, counted from when the step began';
    case 'decide':
      return 'those who are held there are decided afresh at once; what is already planned goes out as it was decided';
    case 'branch':
      return 'rules who comes to it from now on; customers keep their place in the shares';
    case 'set':
    case 'emit':
    case 'goto':
    case 'exit':
      return 'rules who comes to it from now on';
    default: {
      const never: never = step;
      return never;
    }
  }
}
