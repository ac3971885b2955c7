import type { Entry, Exit, JourneyDef, Trigger } from '../../domain/definition.ts';
import type { ExitSource, JourneySource } from '../source/journey-schema.ts';
import { joinPath } from '../source/problem.ts';
import { toHundredths, toMillis } from '../source/scalars.ts';
import type { WorkspaceSource } from '../source/workspace-schema.ts';
import type { AvailableActions } from './decide.ts';
import { compileEntries, listEntryEvents } from './entries.ts';
import { type CompileContext, compileWhen } from './expression.ts';
import { compileMovedSteps, type PreviousJourney } from './moved-steps.ts';
import { compileSteps } from './steps.ts';
import type { CompileTrigger } from './wait.ts';

/** Opens and clicks are what a journey causes, not what it is for (E-4). */
const VANITY = /(^|[-_])(opens?|opened|opening|clicks?|clicked|clicking|clickthroughs?|ctr|ctor)([-_]|$)/;

/**
 * Compiles a journey and checks what the schema can't. `workspace` is missing if it has problems of its own; `previous`
 * is the journey as the active bundle has it.
 */
export function compileJourney(
  source: JourneySource,
  workspace: WorkspaceSource | undefined,
  offer: Omit<AvailableActions, 'class'>,
  previous: PreviousJourney | undefined,
  at: number,
  reports: CompileContext,
): JourneyDef {
  const keyed = source.key !== undefined;
  const trigger: CompileTrigger = ({ on, when, match }, path): Trigger => {
    if (match === 'key' && !keyed)
      reports.error(joinPath(path, 'match'), 'the journey has no key: add one, or use customer');
    return {
      on,
      when: compileWhen(reports, path, when, { events: [on] }),
      match: match ?? (keyed ? 'key' : 'customer'),
    };
  };
  checkStrategy(source, reports);
  if (workspace) checkRoles(source, workspace, reports);
  if (previous?.class !== undefined && previous.class !== source.class) {
    reports.error('class', `a journey's class can't change from ${previous.class}: give it a new id`);
  }
  const enter = compileEntries(source, reports);
  const events = listEntryEvents(source);
  const steps = compileSteps(source.steps, {
    offer: { ...offer, class: source.class },
    trigger,
    events,
    reports,
  });
  return {
    id: source.id,
    owner: source.owner,
    class: source.class,
    stage: source.stage ?? null,
    goal: compileGoal(source.goal, trigger),
    holdout: source.holdout === undefined ? 0 : toHundredths(source.holdout),
    enter,
    key: source.key ?? null,
    reenter: compileReenter(source, enter),
    whileOpen: source.whileOpen,
    exit: source.exit.map((exit, index) => compileExit(exit, `exit[${index}]`, trigger, events, reports)),
    limit: source.limit ?? null,
    versions: source.versions,
    moved: compileMovedSteps(source, steps, previous, reports),
    steps,
    activeSince: previous?.activeSince ?? at,
  };
}

/** Strategy before technology: owner and KPI are in the schema; goal and holdout depend on the class (E-9). */
function checkStrategy({ class: kind, goal, holdout }: JourneySource, { error, warn }: CompileContext): void {
  if (kind === 'marketing') {
    if (!goal) error('goal', 'a marketing journey needs a goal: on, within, kpi');
    if (holdout === undefined) error('holdout', 'a marketing journey needs a holdout, such as 10%');
    else if (toHundredths(holdout) === 0) warn('holdout', 'a holdout of 0% leaves nobody to compare with');
  } else if (holdout !== undefined) {
    error('holdout', 'service is not withheld from anybody: leave holdout out');
  }
  if (goal && VANITY.test(goal.kpi)) {
    error(
      'goal.kpi',
      `'${goal.kpi}' is no success: name what the customer or the business gains, such as repeat_rate`,
    );
  }
}

function checkRoles(
  source: JourneySource,
  { stages, roles }: WorkspaceSource,
  { error }: CompileContext,
): void {
  const owners = [...new Set([...stages.map((stage) => stage.owner), ...roles])];
  if (owners.length > 0 && !owners.includes(source.owner)) {
    error(
      'owner',
      `unknown role '${source.owner}': use ${owners.join(', ')}, or add it to roles in workspace.yaml`,
    );
  }
  if (source.stage !== undefined && !stages.some((stage) => stage.id === source.stage)) {
    const known = stages.map((stage) => stage.id).join(', ');
    error(
      'stage',
      `unknown stage '${source.stage}': ${known ? `use ${known}, or ` : ''}add it to stages in workspace.yaml`,
    );
  }
}

function compileGoal(goal: JourneySource['goal'], trigger: CompileTrigger): JourneyDef['goal'] {
  if (!goal) return null;
  return { ...trigger(goal, 'goal'), within: toMillis(goal.within), kpi: goal.kpi, exit: goal.exit };
}

function compileReenter({ reenter, key }: JourneySource, enter: readonly Entry[]): JourneyDef['reenter'] {
  const once = key !== undefined || enter.some((entry) => entry.kind === 'date');
  if (reenter === undefined) return once ? 'never' : 'always';
  return typeof reenter === 'string' ? reenter : { after: toMillis(reenter.after) };
}

function compileExit(
  exit: ExitSource,
  path: string,
  trigger: CompileTrigger,
  events: readonly string[],
  reports: CompileContext,
): Exit {
  if (typeof exit === 'string') return { kind: 'event', trigger: trigger({ on: exit }, path) };
  if (exit.on !== undefined) return { kind: 'event', trigger: trigger({ ...exit, on: exit.on }, path) };
  if (exit.after !== undefined) return { kind: 'after', after: toMillis(exit.after) };
  return { kind: 'when', when: compileWhen(reports, path, exit.when, { events }) ?? 'false' };
}
