import { suggestName } from '../../content/nearest-name.ts';
import type { Entry, Exit, JourneyDef, Trigger } from '../../domain/definition.ts';
import type { CompileContext } from '../check/context.ts';
import type { PreviousJourney } from '../check/definition.ts';
import type { ExitSource, JourneySource } from '../source/journey-schema.ts';
import { joinPath } from '../source/problem.ts';
import { toHundredths, toMillis } from '../source/scalars.ts';
import type { WorkspaceSource } from '../source/workspace-schema.ts';
import type { AvailableActions } from './available-actions.ts';
import { compileEntries, listEntryEvents } from './entries.ts';
import { compileWhen } from './expression.ts';
import { readLabels } from './labels.ts';
import { compileMovedSteps } from './moved-steps.ts';
import type { CompileTrigger } from './step-context.ts';
import { compileSteps } from './steps.ts';

/** KPIs that measure attention: a journey causes opens and clicks, but they aren't its purpose (E-4). */
const VANITY = /(^|[-_])(opens?|opened|opening|clicks?|clicked|clicking|clickthroughs?|ctr|ctor)([-_]|$)/;

/**
 * Compiles a journey. Checks what the schema can't: references, and rules that depend on the journey's class.
 * @param workspace undefined if workspace.yaml has errors
 * @param previous the journey in the active bundle
 * @param at wall clock in milliseconds: a new journey accepts events from then on
 */
export function compileJourney(
  source: JourneySource,
  workspace: WorkspaceSource | undefined,
  available: AvailableActions,
  previous: PreviousJourney | undefined,
  at: number,
  context: CompileContext,
): JourneyDef {
  const keyed = source.key !== undefined;
  const compileTrigger: CompileTrigger = ({ on, when, match }, path): Trigger => {
    if (match === 'key' && !keyed)
      context.error(joinPath(path, 'match'), 'the journey has no key: add one, or use customer');
    return {
      on,
      when: compileWhen(context, path, when, { events: [on] }),
      match: match ?? (keyed ? 'key' : 'customer'),
    };
  };
  checkStrategy(source, context);
  if (workspace) checkRoles(source, workspace, context);
  if (previous?.class !== undefined && previous.class !== source.class) {
    context.error('class', `a journey's class can't change from ${previous.class}: give it a new id`);
  }
  const enter = compileEntries(source, context);
  const events = listEntryEvents(source);
  const steps = compileSteps(source.steps, {
    ...context,
    journeyClass: source.class,
    available,
    compileTrigger,
    events,
  });
  return {
    id: source.id,
    ...readLabels(source),
    owner: source.owner,
    class: source.class,
    stage: source.stage ?? null,
    goal: compileGoal(source.goal, compileTrigger),
    holdout: source.holdout === undefined ? 0 : toHundredths(source.holdout),
    enter,
    key: source.key ?? null,
    reenter: compileReenter(source, enter),
    whileOpen: source.whileOpen,
    exit: source.exit.map((exit, index) =>
      compileExit(exit, `exit[${index}]`, compileTrigger, events, context),
    ),
    limit: source.limit ?? null,
    versions: source.versions,
    moved: compileMovedSteps(source, steps, previous, context),
    steps,
    activeSince: previous?.activeSince ?? at,
  };
}

/** The schema requires an owner. Whether goal and holdout are required depends on the class (E-9). */
function checkStrategy({ class: kind, goal, holdout }: JourneySource, { error, warn }: CompileContext): void {
  if (kind === 'marketing') {
    if (!goal) error('goal', 'a marketing journey needs a goal: on, within, kpi');
    if (holdout === undefined) error('holdout', 'a marketing journey needs a holdout, such as 10%');
    else if (toHundredths(holdout) === 0)
      warn('holdout', 'a holdout of 0% leaves no customers to compare with');
  } else if (holdout !== undefined) {
    error('holdout', 'a service journey has no holdout: remove it');
  }
  if (goal && VANITY.test(goal.kpi)) {
    error(
      'goal.kpi',
      `'${goal.kpi}' does not measure success: name what the customer or the business gains, such as repeat_rate`,
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
      `unknown role '${source.owner}': use ${owners.join(', ')}, or add it to roles in workspace.yaml${suggestName(source.owner, owners)}`,
    );
  }
  if (source.stage !== undefined && !stages.some((stage) => stage.id === source.stage)) {
    const ids = stages.map((stage) => stage.id);
    const stageIds = ids.join(', ');
    error(
      'stage',
      `unknown stage '${source.stage}': ${stageIds ? `use ${stageIds}, or ` : ''}add it to stages in workspace.yaml${suggestName(source.stage, ids)}`,
    );
  }
}

function compileGoal(goal: JourneySource['goal'], compileTrigger: CompileTrigger): JourneyDef['goal'] {
  if (!goal) return null;
  return { ...compileTrigger(goal, 'goal'), within: toMillis(goal.within), kpi: goal.kpi, exit: goal.exit };
}

function compileReenter({ reenter, key }: JourneySource, enter: readonly Entry[]): JourneyDef['reenter'] {
  const once = key !== undefined || enter.some((entry) => entry.kind === 'date');
  if (reenter === undefined) return once ? 'never' : 'always';
  return typeof reenter === 'string' ? reenter : { after: toMillis(reenter.after) };
}

function compileExit(
  exit: ExitSource,
  path: string,
  compileTrigger: CompileTrigger,
  events: readonly string[],
  context: CompileContext,
): Exit {
  if (typeof exit === 'string') return { kind: 'event', trigger: compileTrigger({ on: exit }, path) };
  if (exit.on !== undefined)
    return { kind: 'event', trigger: compileTrigger({ ...exit, on: exit.on }, path) };
  if (exit.after !== undefined) return { kind: 'after', after: toMillis(exit.after) };
  return { kind: 'when', when: compileWhen(context, path, exit.when, { events }) ?? 'false' };
}
