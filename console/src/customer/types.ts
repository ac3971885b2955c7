import type { Answer } from '../api/use-api.ts';

/** A customer, as the API shows them. */
export type Customer = Answer<'get', '/v1/customers/{ref}'>;
export type Enrollment = Customer['enrollments'][number];
export type Ticket = Customer['openTickets'][number];
export type TimelineItem = Answer<'get', '/v1/customers/{ref}/timeline'>['data'][number];
export type ActionEligibility = Answer<'get', '/v1/customers/{ref}/actions/{action}'>;
