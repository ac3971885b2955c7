import type { DECISION_OUTCOMES } from '../../../db/schema/values.ts';
import type { Evaluator } from '../../domain/facts.ts';
import type { ReceiptKind } from '../../domain/receipt.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Intake } from '../intake/commit.ts';
import type { ZoneLookup } from '../time-zones.ts';
import type { LearnedModels } from './learned-models.ts';

/** What every use case that decides, claims or records works with. */
export interface DecisionServices extends Intake, LearnedModels {
  evaluate: Evaluator;
  zones: ZoneLookup;
  /** Called for each report about a message, after its commit. */
  onReceipt?(receipt: ReceiptCounted): void;
  /** Called for each decision of a journey, after its commit. */
  onDecided?(decision: DecisionMade): void;
}

/** What is reported of a report about a message. */
interface ReceiptCounted {
  workspace: string;
  kind: ReceiptKind;
  automatic: boolean;
  outcome: 'recorded' | 'repeated' | 'unknown_delivery' | 'erased';
}

/** What is reported of a decision of a journey. */
export interface DecisionMade {
  workspace: string;
  /** `parked`: it was given up. */
  outcome: (typeof DECISION_OUTCOMES)[number] | 'parked';
  /** When the oldest event that it processed was accepted; null: it processed none. */
  oldestAcceptedAt: Instant | null;
}
