import type { ActionDef, Cel, Exit, JourneyDef, Step, Trigger, WaitUntil } from '../../domain/definition.ts';

/** All triggers of a journey: of its entries, goal, exits and waits. */
export function listTriggers(journey: JourneyDef): Trigger[] {
  return [
    ...journey.enter.flatMap((entry) => (entry.kind === 'event' ? [entry.trigger] : [])),
    ...(journey.goal ? [journey.goal] : []),
    ...journey.exit.flatMap(triggerOf),
    ...journey.steps.flatMap((step) => (step.kind === 'wait' ? step.until.flatMap(triggerOf) : [])),
  ];
}

/** All CEL expressions of a journey. */
export function listConditions(journey: JourneyDef): Cel[] {
  return dropMissing([
    ...listTriggers(journey).map((trigger) => trigger.when),
    ...journey.enter.map((entry) => (entry.kind === 'date' ? entry.date : null)),
    ...journey.exit.map((exit) => (exit.kind === 'when' ? exit.when : null)),
    ...journey.steps.flatMap(conditionsOfStep),
  ]);
}

/** All CEL expressions of an action. */
export function listActionConditions(action: ActionDef): Cel[] {
  const { eligible, applicable, suitable, value, cost, reward, boost, coupon, reasons } = action;
  const conditions = [
    eligible,
    applicable,
    suitable,
    value,
    cost,
    reward?.when,
    reward?.amount,
    coupon?.once,
  ];
  return dropMissing([...conditions, ...[...boost, ...reasons].map(({ when }) => when)]);
}

/** Segments that entries name. Those that conditions name are inlined in them. */
export function listWatchedSegments(journey: JourneyDef): string[] {
  return journey.enter.flatMap((entry) => {
    if (entry.kind === 'segment') return [entry.segment];
    return entry.kind === 'schedule' && entry.where !== null ? [entry.where] : [];
  });
}

function conditionsOfStep(step: Step): (Cel | null)[] {
  switch (step.kind) {
    case 'decide':
      return [step.about];
    case 'wait':
      return step.until.map((until) =>
        until.kind === 'when' ? until.when : until.kind === 'date' ? until.date : null,
      );
    case 'branch':
      return step.arms.map((arm) => (arm.kind === 'when' ? arm.when : null));
    case 'set':
      return [...Object.values(step.vars), ...Object.values(step.traits)];
    case 'emit':
      return Object.values(step.properties);
    case 'goto':
    case 'exit':
      return [];
    default: {
      const never: never = step;
      return never;
    }
  }
}

function triggerOf(item: Exit | WaitUntil): Trigger[] {
  return item.kind === 'event' ? [item.trigger] : [];
}

function dropMissing(conditions: (Cel | null | undefined)[]): Cel[] {
  return conditions.filter((condition): condition is Cel => typeof condition === 'string');
}
