import type { JourneyDef, Trigger } from '../../domain/definition.ts';
import type { CompileContext } from '../check/context.ts';
import type { AvailableActions } from './available-actions.ts';

/** Checks and compiles a trigger whose fields are at `path`. */
export type CompileTrigger = (
  source: { on: string; when?: string | undefined; match?: Trigger['match'] | undefined },
  path: string,
) => Trigger;

/** What the steps of one journey are compiled with. */
export interface StepContext extends CompileContext {
  journeyClass: JourneyDef['class'];
  available: AvailableActions;
  compileTrigger: CompileTrigger;
  /** Events that open the journey: what `event` is in its steps. Empty if anything else may open it. */
  events: readonly string[];
  /** Returns the step id `target`. Reports an error at `path` if the journey has no such step. */
  resolveTarget(path: string, target: string): string;
}
