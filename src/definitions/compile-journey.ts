import type { Exit, JourneyDef, Trigger } from '../domain/definition.ts';
import { type Reports, whenAt } from './cel-check.ts';
import type { Offer } from './compile-decide.ts';
import { type CompileTrigger, compileSteps } from './compile-steps.ts';
import type { EntrySource, ExitSource, JourneySource } from './journey-schema.ts';
import { join } from './problem.ts';
import { hundredths, millis } from './scalars.ts';
import type { WorkspaceSource } from './workspace-schema.ts';

/** Opens and clicks are what a journey causes, not what it is for (E-4). */
const VANITY = /(^|[-_])(opens?|opened|opening|clicks?|clicked|clicking|clickthroughs?|ctr|ctor)([-_]|$)/;

/** Compiles a journey and checks what the schema can't. `workspace` is missing if it has problems of its own. */
export function compileJourney(
  source: JourneySource,
  workspace: WorkspaceSource | undefined,
  offer: Omit<Offer, 'class'>,
  activeSince: number,
  reports: Reports,
): JourneyDef {
  const keyed = source.key !== undefined;
  const trigger: CompileTrigger = ({ on, when, match }, path): Trigger => {
    if (match === 'key' && !keyed)
      reports.error(join(path, 'match'), 'the journey has no key: add one, or use customer');
    return { on, when: whenAt(reports, path, when), match: match ?? (keyed ? 'key' : 'customer') };
  };
  checkStrategy(source, reports);
  if (workspace) checkRoles(source, workspace, reports);
  return {
    id: source.id,
    owner: source.owner,
    class: source.class,
    stage: source.stage ?? null,
    goal: compileGoal(source.goal, trigger),
    holdout: source.holdout === undefined ? 0 : hundredths(source.holdout),
    enter: compileEntries(source.enter, reports),
    key: source.key ?? null,
    reenter: compileReenter(source),
    whileOpen: source.whileOpen,
    exit: source.exit.map((exit, index) => compileExit(exit, `exit[${index}]`, trigger, reports)),
    limit: source.limit ?? null,
    steps: compileSteps(source.steps, { ...offer, class: source.class }, trigger, reports),
    activeSince,
  };
}

/** Strategy before technology: owner and KPI are in the schema; goal and holdout depend on the class (E-9). */
function checkStrategy({ class: kind, goal, holdout }: JourneySource, { error, warn }: Reports): void {
  if (kind === 'marketing') {
    if (!goal) error('goal', 'a marketing journey needs a goal: on, within, kpi');
    if (holdout === undefined) error('holdout', 'a marketing journey needs a holdout, such as 10%');
    else if (hundredths(holdout) === 0) warn('holdout', 'a holdout of 0% leaves nobody to compare with');
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

function checkRoles(source: JourneySource, { stages, roles }: WorkspaceSource, { error }: Reports): void {
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
  return { ...trigger(goal, 'goal'), within: millis(goal.within), kpi: goal.kpi, exit: goal.exit };
}

/** Nothing to match yet when an event enters: the key is taken from it. */
function compileEntries(enter: JourneySource['enter'], reports: Reports): JourneyDef['enter'] {
  const entries: EntrySource[] = Array.isArray(enter) ? enter : [enter];
  return entries.map((entry, index) => {
    if (typeof entry === 'string') return { on: entry, when: null, match: 'customer', maxAge: millis('24h') };
    const path = Array.isArray(enter) ? `enter[${index}]` : 'enter';
    return {
      on: entry.on,
      when: whenAt(reports, path, entry.when),
      match: 'customer',
      maxAge: millis(entry.maxAge),
    };
  });
}

function compileReenter({ reenter, key }: JourneySource): JourneyDef['reenter'] {
  if (reenter === undefined) return key === undefined ? 'always' : 'never';
  return typeof reenter === 'string' ? reenter : { after: millis(reenter.after) };
}

function compileExit(exit: ExitSource, path: string, trigger: CompileTrigger, reports: Reports): Exit {
  if (typeof exit === 'string') return { kind: 'event', trigger: trigger({ on: exit }, path) };
  if (exit.on !== undefined) return { kind: 'event', trigger: trigger({ ...exit, on: exit.on }, path) };
  if (exit.after !== undefined) return { kind: 'after', after: millis(exit.after) };
  return { kind: 'when', when: whenAt(reports, path, exit.when) ?? 'false' };
}
