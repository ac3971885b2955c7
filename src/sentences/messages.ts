import type { NoteCode } from '../domain/note.ts';
import type { DayParam, DurationParam, ListParam, MoneyParam, PartsParam, TimeParam } from './param.ts';

type Text = string;
type Maybe<T> = T | null;

/** Why a gate blocks. Keys: `blocked.` and the code of the verdict. */
export interface VerdictMessages {
  'blocked.consent_withdrawn': { purpose: Text; topic: Maybe<Text>; channel: Maybe<Text> };
  'blocked.consent_unknown': { purpose: Text; topic: Maybe<Text>; channel: Maybe<Text> };
  'blocked.no_channel': { channel: Maybe<Text> };
  'blocked.no_address': { channel: Maybe<Text> };
  'blocked.address_suppressed': { channel: Maybe<Text> };
  'blocked.quiet_hours': { zone: Maybe<Text> };
  'blocked.customer_paused': { reason: Maybe<Text> };
  'blocked.action_paused': { since: Maybe<TimeParam> };
  'blocked.guardrail': { harm: Maybe<Text>; since: Maybe<TimeParam> };
  'blocked.snoozed': { topics: Maybe<ListParam> };
  'blocked.ticket_open': { tickets: ListParam; since: Maybe<TimeParam>; owner: Maybe<Text> };
  'blocked.cooling_down': { tickets: ListParam; since: Maybe<TimeParam> };
  'blocked.not_eligible': { condition: Maybe<Text> };
  'blocked.not_applicable': { condition: Maybe<Text> };
  'blocked.not_suitable': { condition: Maybe<Text> };
  'blocked.too_soon': { last: Maybe<TimeParam> };
  'blocked.cap_reached': {
    rule: Maybe<Text>;
    used: Maybe<number>;
    max: Maybe<number>;
    window: Maybe<DurationParam>;
  };
  'blocked.limit_reached': { used: Maybe<number>; max: Maybe<number>; window: Maybe<DurationParam> };
  'blocked.content_seen': { used: Maybe<number>; max: Maybe<number>; window: Maybe<DurationParam> };
  'blocked.sunset': { last: Maybe<TimeParam> };
  'blocked.budget_spent': Record<never, never>;
  'blocked.sold_out': { max: Maybe<number> };
  'blocked.not_supported': Record<never, never>;
  'blocked.coupon_issued': Record<never, never>;
  'blocked.coupon_redeemed': Record<never, never>;
  'blocked.coupon_expired': Record<never, never>;
  'blocked.coupon_revoked': Record<never, never>;
  'blocked.outranked': Record<never, never>;
  'blocked.do_nothing': Record<never, never>;
  'blocked.too_late': { deadline: Maybe<TimeParam> };
  'blocked.error': { gate: Text; detail: Maybe<Text> };
  /** A code that this build does not know. */
  'blocked.unknown': { gate: Text; code: Maybe<Text> };
}

/** When a reason is over. */
export interface LiftMessages {
  'lift.at': { at: TimeParam };
  'lift.on': { event: Text; coolDown: Maybe<DurationParam> };
  'lift.at_or_on': { at: TimeParam; event: Text };
  'lift.bundle': Record<never, never>;
  'lift.action_resumed': Record<never, never>;
  'lift.activity': Record<never, never>;
  'lift.never': Record<never, never>;
}

/** What became of an action for one customer. */
export interface OutlookMessages {
  'outlook.erased': { customer: Text };
  'outlook.planned': { channel: Maybe<Text>; at: TimeParam };
  'outlook.sending': { channel: Maybe<Text> };
  'outlook.task': { state: PartsParam; queue: Maybe<Text>; until: Maybe<TimeParam> };
  'outlook.parked': { reason: Maybe<Text>; retryAt: Maybe<TimeParam> };
  'outlook.control': { journeys: ListParam };
  'outlook.not_enrolled': { journeys: ListParam };
  'outlook.sent': { channel: Text; at: TimeParam; journeys: ListParam };
  'outlook.not_offered': Record<never, never>;
  'outlook.silent': { reason: PartsParam; lift: PartsParam };
  'outlook.waiting': { journey: Text; step: Text; until: Maybe<TimeParam> };
  'outlook.busy': { journey: Text; step: Text };
  'outlook.outranked': { winners: Maybe<ListParam>; at: TimeParam; again: Maybe<TimeParam> };
  'outlook.nothing_won': { at: TimeParam };
  'outlook.allowed': { channels: ListParam; next: Maybe<TimeParam> };
  'outlook.on_request': { channels: ListParam; placements: ListParam };
  'reason.line': { channels: Maybe<ListParam>; reason: PartsParam; lift: PartsParam };
  'fact.sent': { channel: Text; at: TimeParam };
  'fact.failed': { channel: Text; at: TimeParam; error: Maybe<Text> };
  'fact.unknown': { channel: Text; at: TimeParam };
  'fact.task_ended': { state: PartsParam; outcome: Maybe<Text>; at: TimeParam };
  'fact.step': {
    journey: Text;
    step: Text;
    state: PartsParam;
    until: Maybe<TimeParam>;
    again: Maybe<TimeParam>;
  };
  'fact.control': { journeys: ListParam };
  'fact.resolved': { requested: Text; customer: Text };
  'fact.zone': { zone: Text };
}

/** What happens while a timeline is followed. */
export interface FollowMessages {
  'follow.merged': { into: Text };
  'follow.erased': { customer: Text };
  'follow.lost': { cause: Text };
  'follow.back': Record<never, never>;
}

/** The states of enrollments, deliveries, tasks and coupons, as words inside a sentence. */
export interface StateMessages {
  'enrollment.running': Record<never, never>;
  'enrollment.waiting': Record<never, never>;
  'enrollment.held': Record<never, never>;
  'enrollment.delivering': Record<never, never>;
  'enrollment.tasked': Record<never, never>;
  'enrollment.poison': Record<never, never>;
  'enrollment.control': Record<never, never>;
  'task_state.planned': Record<never, never>;
  'task_state.open': Record<never, never>;
  'task_state.acknowledged': Record<never, never>;
  'task_state.resolved': Record<never, never>;
  'task_state.expired': Record<never, never>;
  'task_state.withdrawn': Record<never, never>;
  'coupon.issued': { percent: Maybe<number>; until: Maybe<TimeParam> };
  'coupon.redeemed': { order: Maybe<Text>; at: Maybe<TimeParam> };
  'coupon.expired': { until: Maybe<TimeParam> };
  'coupon.revoked': Record<never, never>;
}

/** An event of the log. Keys: `event.` and the name of the event. */
export interface EventMessages {
  'event.Ticket Opened': { ticket: Maybe<Text>; subject: Maybe<Text>; severity: Maybe<Text> };
  'event.Ticket Updated': { ticket: Maybe<Text>; status: Maybe<Text>; severity: Maybe<Text> };
  'event.Ticket Closed': { ticket: Maybe<Text> };
  'event.Ticket Moved': { ticket: Maybe<Text> };
  'event.Ticket Overdue': { ticket: Maybe<Text>; since: Maybe<TimeParam> };
  'event.Consent Changed': {
    granted: Maybe<boolean>;
    purpose: Maybe<Text>;
    topic: Maybe<Text>;
    channel: Maybe<Text>;
    actor: Maybe<Text>;
  };
  'event.Payment Failed': { order: Maybe<Text>; amount: Maybe<Text | MoneyParam>; cause: Maybe<Text> };
  'event.Order Completed': {
    order: Maybe<Text>;
    amount: Maybe<Text | MoneyParam>;
    products: Maybe<ListParam>;
  };
  'event.Order Updated': { order: Maybe<Text>; amount: Maybe<Text | MoneyParam> };
  'event.Order Refunded': { order: Maybe<Text>; amount: Maybe<Text | MoneyParam> };
  'event.Order Cancelled': { order: Maybe<Text> };
  'event.Checkout Started': { amount: Maybe<Text | MoneyParam>; products: Maybe<ListParam> };
  'event.Customer Paused': { actor: Maybe<Text>; reason: Maybe<Text> };
  'event.Customer Resumed': { actor: Maybe<Text>; reason: Maybe<Text> };
  'event.Enrollment Exit Requested': {
    journey: Maybe<Text>;
    enrollment: Maybe<Text>;
    actor: Maybe<Text>;
    reason: Maybe<Text>;
  };
  'event.Enrollment Requested': { journey: Maybe<Text> };
  'event.Entry Due': { journey: Maybe<Text> };
  'event.Customer Snoozed': { until: Maybe<TimeParam>; topics: Maybe<ListParam>; actor: Maybe<Text> };
  'event.Preferences Changed': { level: Maybe<Text>; actor: Maybe<Text> };
  'event.Customer Merged': { from: Maybe<Text>; into: Maybe<Text>; reason: Maybe<Text> };
  'event.Customer Unmerged': { lost: Maybe<Text>; into: Maybe<Text>; reason: Maybe<Text> };
  'event.Stage Changed': { from: Maybe<Text>; to: Maybe<Text> };
  'event.Segment Entered': { segment: Maybe<Text> };
  'event.Segment Left': { segment: Maybe<Text> };
  'event.Delivery Sent': { action: Maybe<Text>; channel: Maybe<Text> };
  'event.Delivery Failed': { action: Maybe<Text>; channel: Maybe<Text>; error: Maybe<Text> };
  'event.Delivery Unknown': { action: Maybe<Text>; channel: Maybe<Text>; error: Maybe<Text> };
  'event.Delivery Delivered': { action: Maybe<Text>; channel: Maybe<Text> };
  'event.Delivery Opened': { action: Maybe<Text>; channel: Maybe<Text> };
  'event.Delivery Opened Automatically': { action: Maybe<Text>; channel: Maybe<Text> };
  'event.Delivery Clicked': { action: Maybe<Text>; channel: Maybe<Text>; url: Maybe<Text> };
  'event.Delivery Clicked Automatically': { action: Maybe<Text>; channel: Maybe<Text>; url: Maybe<Text> };
  'event.Delivery Bounced': {
    action: Maybe<Text>;
    channel: Maybe<Text>;
    permanent: boolean;
    reason: Maybe<Text>;
  };
  'event.Delivery Complained': { action: Maybe<Text>; channel: Maybe<Text> };
  'event.Delivery Unsubscribed': { action: Maybe<Text>; channel: Maybe<Text> };
  'event.Delivery Held': { action: Maybe<Text>; channel: Maybe<Text>; reasons: Maybe<PartsParam> };
  'event.Delivery Repeated': {
    action: Maybe<Text>;
    channel: Maybe<Text>;
    actor: Maybe<Text>;
    reason: Maybe<Text>;
  };
  'event.Delivery Dismissed': { action: Maybe<Text>; channel: Maybe<Text> };
  'event.Action Shown': { action: Maybe<Text>; placement: Maybe<Text> };
  'event.Action Clicked': { action: Maybe<Text>; placement: Maybe<Text> };
  'event.Action Accepted': { action: Maybe<Text>; placement: Maybe<Text> };
  'event.Action Rejected': { action: Maybe<Text>; placement: Maybe<Text> };
  'event.Task Opened': { action: Maybe<Text>; queue: Maybe<Text> };
  'event.Task Acknowledged': { action: Maybe<Text>; actor: Maybe<Text> };
  'event.Task Released': { action: Maybe<Text>; actor: Maybe<Text> };
  'event.Task Snoozed': {
    action: Maybe<Text>;
    actor: Maybe<Text>;
    until: Maybe<TimeParam>;
    reason: Maybe<Text>;
  };
  'event.Task Escalated': { action: Maybe<Text>; queue: Maybe<Text> };
  'event.Task Resolved': { action: Maybe<Text>; outcome: Maybe<Text>; actor: Maybe<Text> };
  'event.Task Withdrawn': { action: Maybe<Text>; reason: Maybe<Text>; reasons: Maybe<PartsParam> };
  'event.Task Expired': { action: Maybe<Text> };
  'event.Coupon Issued': { action: Maybe<Text>; percent: Maybe<number>; until: Maybe<TimeParam> };
  'event.Coupon Redeemed': { action: Maybe<Text>; order: Maybe<Text> };
  'event.Coupon Expired': { action: Maybe<Text> };
  'event.Coupon Revoked': { action: Maybe<Text>; reason: Maybe<Text> };
  'event.Catalogue Viewed': { action: Maybe<Text>; products: Maybe<ListParam> };
  'event.Customer Identified': { traits: Maybe<ListParam> };
  'event.Page Viewed': { page: Maybe<Text> };
  'event.Screen Viewed': { screen: Maybe<Text> };
  'event.Group Joined': { account: Maybe<Text> };
  'event.Alias Made': Record<never, never>;
  /** Any other event: its name, and its first properties. */
  'event.other': { name: Text; details: Maybe<ListParam> };
}

/** Items of the timeline that are no events, and what is added to an item. */
export interface ItemMessages {
  'decision.acted': { actions: Maybe<ListParam> };
  'decision.held': { reasons: Maybe<PartsParam> };
  'decision.moved': Record<never, never>;
  'decision.nothing': Record<never, never>;
  'decision.offered': { actions: Maybe<ListParam> };
  'decision.fallback': { actions: Maybe<ListParam> };
  'decision.silence': { actions: ListParam; reason: PartsParam; lift: PartsParam };
  'delivery.planned': { action: Text; channel: Maybe<Text>; at: TimeParam };
  'delivery.held': { action: Text; channel: Maybe<Text> };
  'delivery.sending': { action: Text; channel: Maybe<Text> };
  'delivery.sent': { action: Text; channel: Maybe<Text> };
  'delivery.failed': { action: Text; channel: Maybe<Text>; error: Maybe<Text> };
  'delivery.unknown': { action: Text; channel: Maybe<Text>; error: Maybe<Text> };
  'delivery.cancelled': { action: Text; channel: Maybe<Text>; reason: Maybe<PartsParam> };
  'task.planned': { action: Text };
  'task.open': { action: Text };
  'task.acknowledged': { action: Text };
  'task.resolved': { action: Text };
  'task.expired': { action: Text };
  'task.withdrawn': { action: Text };
  /** An item of a kind or state that this build does not know. */
  'item.other': { title: Text };
  /** A sentence, and what belongs to it. */
  'item.with': { main: PartsParam; details: PartsParam };
  'flag.repeated': Record<never, never>;
  'flag.suppressed': Record<never, never>;
  'flag.member': { member: Text };
  'flag.withheld': { count: number };
  'note.about': { field: Text; value: Maybe<Text>; meaning: PartsParam };
}

/** What a decision changed. Keys: `change.` and the kind. */
export interface ChangeMessages {
  'change.entered': { journey: Text; key: Maybe<Text>; control: boolean };
  'change.not_entered': { journey: Text; reason: PartsParam };
  'change.moved': { journey: Text; from: Maybe<Text>; to: Text };
  'change.goal': { journey: Text };
  'change.exposed': { journey: Text; step: Text; arm: Text };
  'change.adopted': { journey: Text; from: Text };
  'change.stage': { from: Maybe<Text>; to: Maybe<Text> };
  'change.segment': { segment: Text; inside: boolean };
  'change.date': { journey: Text; on: DayParam; state: Text; reason: Maybe<Text> };
  'change.ended': { journey: Text; reason: PartsParam };
  'change.poisoned': { what: 'customer' | 'enrollment' | 'event'; reason: Text };
  'change.recovered': { since: Maybe<TimeParam>; reason: Text };
  'change.condition_failed': { expression: Text; reason: Text };
  'change.not_recorded': { size: number };
  /** A change that this build does not know. */
  'change.other': { kind: Text };
}

/** Why a journey was not entered, ended, or cancelled a message. Keys: `reason.` and the recorded word. */
export interface ReasonMessages {
  'reason.already_open': Record<never, never>;
  'reason.limit': Record<never, never>;
  'reason.entered_before': Record<never, never>;
  'reason.entered_recently': Record<never, never>;
  'reason.overtaken': Record<never, never>;
  'reason.no_room': Record<never, never>;
  'reason.goal': Record<never, never>;
  'reason.restarted': Record<never, never>;
  'reason.completed': Record<never, never>;
  'reason.merged': Record<never, never>;
  'reason.requested': Record<never, never>;
  'reason.journey_removed': Record<never, never>;
  'reason.exit_time': Record<never, never>;
  'reason.exit': { by: Text };
  'reason.decided_afresh': Record<never, never>;
  'reason.ticket_open': Record<never, never>;
  'reason.customer_gone': Record<never, never>;
  'reason.enrollment_ended': { reason: PartsParam };
  /** Words of a definition or a provider, as they are. */
  'reason.text': { text: Text };
}

/** What a note of an event says. Keys: `note.` and the code. */
export type NoteMessages = { [C in `note.${NoteCode}`]: Record<never, never> };

/** Every code with the parameters that it takes. A released code is never renamed: catalogues are keyed by it. */
export interface Messages
  extends VerdictMessages,
    LiftMessages,
    OutlookMessages,
    FollowMessages,
    StateMessages,
    EventMessages,
    ItemMessages,
    ChangeMessages,
    ReasonMessages,
    NoteMessages {}
