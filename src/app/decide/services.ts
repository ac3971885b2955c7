import type { Evaluator } from '../../domain/facts.ts';
import type { Intake } from '../intake/commit.ts';
import type { ZoneLookup } from '../time-zones.ts';
import type { LearnedModels } from './learned-models.ts';

/** What every use case that decides, claims or records works with. */
export interface DecisionServices extends Intake, LearnedModels {
  /** The secret before: addresses that were suppressed under it stay suppressed. */
  previousSecret?: string | null;
  evaluate: Evaluator;
  zones: ZoneLookup;
}
