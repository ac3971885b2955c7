import type { JourneyDef, Step } from '../domain/definition.ts';
import { own } from '../domain/own.ts';
import { describeStep } from './describe.ts';
import type { Edit } from './diff.ts';
import { same } from './same.ts';

/** What an edit of a journey that pins means for those inside. */
export const PINNED =
  'those inside end under the version that they entered; it holds for who enters from now on';

/** Differences of a journey's steps, each with what it means for who stands there. */
export function diffSteps(before: JourneyDef, after: JourneyDef): Edit[] {
  const known = new Map(before.steps.map((step) => [step.id, step]));
  const there = new Set(after.steps.map((step) => step.id));
  const pinned = before.versions === 'pin';
  const removed = before.steps
    .filter(({ id }) => !there.has(id))
    .map(({ id }): Edit => {
      const to = own(after.moved, id) ?? 'exit';
      const rule = `those who stand on it ${to === 'exit' ? 'leave' : `go to '${to}'`}; what is planned for them there is cancelled`;
      return {
        kind: 'step_removed',
        journey: after.id,
        step: id,
        what: `step ${id}`,
        rule: pinned ? PINNED : rule,
      };
    });
  const others = after.steps.flatMap((step): Edit[] => {
    const old = known.get(step.id);
    const at = { journey: after.id, step: step.id };
    if (!old) {
      const rule = 'whoever comes to it from now on takes it; nobody is sent back';
      return [
        {
          kind: 'step_added',
          ...at,
          what: `step ${step.id}: ${describeStep(step)}`,
          rule: pinned ? PINNED : rule,
        },
      ];
    }
    if (same(old, step)) return [];
    const kind =
      old.kind === 'wait' && step.kind === 'wait' && !same(old.until, step.until)
        ? 'wait_changed'
        : 'step_changed';
    const what = `step ${step.id}: ${describeStep(old)} → ${describeStep(step)}`;
    return [{ kind, ...at, what, rule: pinned ? PINNED : ruleOf(old, step) }];
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
