import type {
  DeliveryRow,
  EnrollmentRow,
  FamilyRow,
  TaskRow,
} from '../../../../db/reports/counts/counted-rows.ts';
import { listConversions } from '../../../statistics/attribution/conversions.ts';
import type { KpiEvent } from '../../../statistics/experiments/kpi-events.ts';
import { type AttributedCustomer, COUNTED_ATTRIBUTION } from './attribution-cells.ts';

interface FamilyRows {
  customer: FamilyRow;
  segment: number;
  currency: string;
  /** Oldest first. */
  events: KpiEvent[];
  enrollments: EnrollmentRow[];
  deliveries: DeliveryRow[];
  tasks: TaskRow[];
  journeyOf: (enrollment: string) => string | null;
}

/** The channel of what agents do. */
const AGENT_DESK = 'agent_desk';

/** What attribution reads of a customer, from the rows of all who were merged into one. */
export function toAttributedCustomer(rows: FamilyRows): AttributedCustomer {
  const { customer, segment, currency, events, enrollments, deliveries, tasks, journeyOf } = rows;
  const { event } = COUNTED_ATTRIBUTION;
  const contacts = [
    ...deliveries.filter(({ state }) => state === 'sent'),
    ...tasks.filter(({ state }) => state === 'resolved').map((task) => ({ ...task, channel: AGENT_DESK })),
  ];
  return {
    touches: contacts.map(({ channel, action, enrollment, at }) => ({
      channel,
      action,
      journey: journeyOf(enrollment),
      at,
    })),
    conversions: listConversions(events, { event, currency }),
    enrollments: [...enrollments].sort((a, b) => a.enteredAt - b.enteredAt || (a.id < b.id ? -1 : 1)),
    segment,
    knownSince: customer.knownSince,
  };
}
