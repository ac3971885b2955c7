import type {
  DecisionRow,
  DeliveryRow,
  EnrollmentRow,
  FamilyRow,
  RewardRow,
  TaskRow,
} from '../../../../db/reports/counts/counted-rows.ts';
import type { BuyerRow } from '../../../../db/reports/retention.ts';
import type { CountedFacts, CountSettings, StoredCells } from '../../../../db/schema/json.ts';
import type { JudgedCandidate } from '../../../domain/candidate.ts';
import type { CustomerKpis } from '../../../statistics/experiments/kpi-events.ts';
import type { AttributedCustomer } from './attribution-cells.ts';

/** A decision with what is counted of its record. */
export type CountedDecision = Omit<DecisionRow, 'record'> & { candidates: JudgedCandidate[] };

/** All that reports count of one customer. */
export interface CustomerRows {
  workspace: string;
  customer: FamilyRow;
  /** How many of the global holdouts are at or below the customer's number: those above it hold the customer out. */
  segment: number;
  settings: CountSettings;
  /** Of the customer's own log and of those that were merged into it. */
  kpis: CustomerKpis;
  /** Days of activity in the customer's own log. */
  activeDays: number[];
  enrollments: EnrollmentRow[];
  deliveries: DeliveryRow[];
  tasks: TaskRow[];
  /** Null: of a customer who was merged into another, which has it all. */
  attributed: AttributedCustomer | null;
  rewards: (RewardRow & { money: boolean })[];
  buyer: (BuyerRow & { first: number }) | null;
  /** Of the decisions about everybody who was one with the customer. */
  moves: CountedFacts['moves'];
  exposures: CountedFacts['exposures'];
  /** What was counted of the customer's earlier decisions, and the decisions since. */
  carried: StoredCells;
  decisions: CountedDecision[];
  journeyOf: (enrollment: string) => string | null;
}
