import type { ActionClass } from '../../domain/definition.ts';
import type { EndedEnrollment, Enrollment } from '../../domain/state.ts';
import type { Instant } from '../../domain/time/time.ts';

/** A message that the decision plans. */
export interface PlannedDelivery {
  id: string;
  enrollmentId: string;
  action: string;
  class: ActionClass;
  purpose: string;
  topic: string | null;
  channel: string;
  key: string | null;
  /** Id of the ticket or order that the message is about; the enrollment's key if absent. */
  subject?: string | null;
  /** Version of the bundle whose action and content are used: a pinned enrollment keeps its own. */
  bundleVersion: number;
  /** Test variant of the content; null where there are none. */
  variant: string | null;
  /** Cost in minor units of the workspace's currency, reserved in budgets. */
  cost: number;
  /** Purpose of its coupon (`coupon.once`), one coupon per purpose; null without a coupon. */
  couponOnce: string | null;
  at: Instant;
  /** Why it is due at `at`: `now`, or the rule of the send-time optimisation. */
  sendReason: string;
  /** The message is not sent after this instant. */
  notAfter: Instant;
  entry: Enrollment['entry'];
}

/** A task for a person that the decision plans. */
export interface PlannedTask {
  id: string;
  enrollmentId: string;
  action: string;
  class: ActionClass;
  topic: string | null;
  key: string | null;
  /** As in {@link PlannedDelivery}. */
  subject?: string | null;
  bundleVersion: number;
  /** As in {@link PlannedDelivery}. */
  cost: number;
  queue: string;
  at: Instant;
  acknowledgeBy: Instant;
  resolveBy: Instant;
  reasons: string[];
}

/** An event that a decision publishes. The log drops a second event with the same message id. */
export interface OutboxEvent {
  messageId: string;
  type: 'track' | 'identify';
  name: string;
  source: string;
  properties: Record<string, unknown>;
  traits: Record<string, unknown>;
}

/** The effects of a decision: what the deciding transaction writes in addition to the state. */
export interface DecisionPlan {
  deliveries: PlannedDelivery[];
  cancelledDeliveries: { id: string; reason: string }[];
  tasks: PlannedTask[];
  withdrawnTasks: { id: string; reason: string }[];
  expiredTasks: string[];
  escalatedTasks: { id: string; queue: string; level: number; acknowledgeBy: Instant }[];
  /** Cool-downs of closed tickets that begin with this decision. */
  coolDowns: { customerId: string; ticketId: string; until: Instant }[];
  /** Events that are appended to the log once the decision has committed. */
  outbox: OutboxEvent[];
  enteredEnrollments: Enrollment[];
  endedEnrollments: EndedEnrollment[];
  /** Open enrollments whose arm, exclusion or goal has changed. Ended ones are complete in `endedEnrollments`. */
  changedEnrollments: Enrollment[];
}

export function emptyPlan(): DecisionPlan {
  return {
    deliveries: [],
    cancelledDeliveries: [],
    tasks: [],
    withdrawnTasks: [],
    expiredTasks: [],
    escalatedTasks: [],
    coolDowns: [],
    outbox: [],
    enteredEnrollments: [],
    endedEnrollments: [],
    changedEnrollments: [],
  };
}
