import type { Catalogue } from '../message.ts';
import type { EventMessages } from '../messages.ts';
import { after, byActor, byChannel } from './words.ts';

const ticket = (id: string | null) => `ticket${after(' ', id)}`;
const order = (id: string | null) => `order${after(' ', id)}`;
const named = (action: string | null, otherwise: string) => action ?? otherwise;
const shown = (done: string) => (params: { action: string | null; placement: string | null }) =>
  `${named(params.action, 'an action')} was ${done}${after(' at ', params.placement)}`;

export const events: Catalogue<EventMessages> = {
  'event.Ticket Opened': ({ ticket: id, subject, severity }) =>
    `${ticket(id)} opened${after(' (', severity, ')')}${after(': ', subject)}`,
  'event.Ticket Updated': ({ ticket: id, status, severity }) =>
    `${ticket(id)} updated${after(' (', severity, ')')}${after(': ', status)}`,
  'event.Ticket Closed': ({ ticket: id }) => `${ticket(id)} closed`,
  'event.Ticket Moved': ({ ticket: id }) => `${ticket(id)} went to another customer`,
  'event.Ticket Overdue': ({ ticket: id, since }) =>
    `${ticket(id)} is overdue${after(': open since ', since)}`,
  'event.Consent Changed': ({ granted, purpose, topic, channel, actor }) => {
    const about = topic === null || topic === '*' ? '' : ` about ${topic}`;
    const done = granted === null ? 'changed' : granted ? 'granted' : 'withdrawn';
    return `consent${after(' to ', purpose)}${about}${byChannel(channel)} was ${done}${after(', entered by ', actor)}`;
  },
  'event.Payment Failed': ({ order: id, amount, cause }) =>
    `payment${after(' of order ', id)} failed${after(': ', cause)}${after(', ', amount)}`,
  'event.Order Completed': ({ order: id, amount, products }) =>
    `${order(id)} completed${after(': ', amount)}${after(' for ', products?.text ?? null)}`,
  'event.Order Updated': ({ order: id, amount }) => `${order(id)} updated${after(': ', amount)}`,
  'event.Order Refunded': ({ order: id, amount }) => `${order(id)} refunded${after(': ', amount)}`,
  'event.Order Cancelled': ({ order: id }) => `${order(id)} cancelled`,
  'event.Checkout Started': ({ amount, products }) =>
    `checkout started${after(': ', amount)}${after(' for ', products?.text ?? null)}`,
  'event.Customer Paused': ({ actor, reason }) => `customer paused${byActor(actor)}${after(': ', reason)}`,
  'event.Customer Resumed': ({ actor, reason }) => `customer resumed${byActor(actor)}${after(': ', reason)}`,
  'event.Enrollment Exit Requested': ({ journey, enrollment, actor, reason }) =>
    `exit from ${journey ?? enrollment ?? 'all journeys'} requested${byActor(actor)}${after(': ', reason)}`,
  'event.Enrollment Requested': ({ journey }) => `entry${after(' into ', journey)} requested`,
  'event.Entry Due': ({ journey }) => `entry${after(' into ', journey)} is due to be checked`,
  'event.Customer Snoozed': ({ until, topics, actor }) =>
    `${until === null ? 'silence ended' : `silence until ${until}`}${after(' about ', topics?.text ?? null)}${after(', entered by ', actor)}`,
  'event.Preferences Changed': ({ level, actor }) =>
    `${level === null ? 'preferences changed' : `personalisation set to level ${level}`}${after(', entered by ', actor)}`,
  'event.Customer Merged': ({ from, into, reason }) =>
    `customer${after(' ', from)} was merged into ${into ?? 'this one'}${after(': ', reason)}`,
  'event.Customer Unmerged': ({ lost, into, reason }) =>
    `merge undone: the events of ${lost ?? 'the other customer'} went to ${into ?? 'a new customer'}${after(' (', reason, ')')}`,
  'event.Stage Changed': ({ from, to }) => `stage changed from ${from ?? 'none'} to ${to ?? 'none'}`,
  'event.Segment Entered': ({ segment }) => `came into the segment${after(' ', segment)}`,
  'event.Segment Left': ({ segment }) => `left the segment${after(' ', segment)}`,
  'event.Delivery Sent': ({ action, channel }) =>
    `${named(action, 'a message')} was sent${byChannel(channel)}`,
  'event.Delivery Failed': ({ action, channel, error }) =>
    `${named(action, 'a message')} could not be sent${byChannel(channel)}${after(': ', error)}`,
  'event.Delivery Unknown': ({ action, channel, error }) =>
    `${named(action, 'a message')} may have been sent${byChannel(channel)}: no definite answer${after(' (', error, ')')}`,
  'event.Delivery Delivered': ({ action, channel }) =>
    `${named(action, 'a message')} arrived${byChannel(channel)}`,
  'event.Delivery Opened': ({ action, channel }) =>
    `${named(action, 'a message')} was opened${byChannel(channel)}`,
  'event.Delivery Opened Automatically': ({ action, channel }) =>
    `${named(action, 'a message')} was loaded by a proxy or a scanner${byChannel(channel)}, perhaps not by the customer`,
  'event.Delivery Clicked': ({ action, url }) =>
    `a link of ${named(action, 'a message')} was clicked${after(': ', url)}`,
  'event.Delivery Clicked Automatically': ({ action, url }) =>
    `a link of ${named(action, 'a message')} was followed by a scanner, not by the customer${after(': ', url)}`,
  'event.Delivery Bounced': ({ action, channel, permanent, reason }) =>
    `${named(action, 'a message')} bounced${byChannel(channel)}${permanent ? ' for good' : ''}${after(': ', reason)}`,
  'event.Delivery Complained': ({ action, channel }) =>
    `${named(action, 'a message')} was reported as spam${byChannel(channel)}`,
  'event.Delivery Unsubscribed': ({ action, channel }) =>
    `${named(action, 'a message')} was answered by unsubscribing${byChannel(channel)}`,
  'event.Delivery Held': ({ action, channel, reasons }) =>
    `${named(action, 'a message')} was held when it was due${byChannel(channel)}${after(': ', reasons)}`,
  'event.Delivery Repeated': ({ action, channel, actor, reason }) =>
    `a repeat of ${action ?? 'a message'} was requested${byChannel(channel)}${byActor(actor)}${after(': ', reason)}`,
  'event.Delivery Dismissed': ({ action, channel }) =>
    `${named(action, 'a message')} was dismissed${byChannel(channel)}`,
  'event.Action Shown': shown('shown'),
  'event.Action Clicked': shown('clicked'),
  'event.Action Accepted': shown('accepted'),
  'event.Action Rejected': shown('rejected'),
  'event.Task Opened': ({ action, queue }) =>
    `task ${named(action, '')} is open${after(' in the queue ', queue)}`,
  'event.Task Acknowledged': ({ action, actor }) => `task ${named(action, '')} was taken${byActor(actor)}`,
  'event.Task Released': ({ action, actor }) => `task ${named(action, '')} was given back${byActor(actor)}`,
  'event.Task Snoozed': ({ action, actor, until, reason }) =>
    `task ${named(action, '')} was put off${after(' until ', until)}${byActor(actor)}${after(': ', reason)}`,
  'event.Task Escalated': ({ action, queue }) =>
    `task ${named(action, '')} was escalated${after(' to the queue ', queue)}`,
  'event.Task Resolved': ({ action, outcome, actor }) =>
    `task ${named(action, '')} was resolved${byActor(actor)}${after(': ', outcome)}`,
  'event.Task Withdrawn': ({ action, reason, reasons }) =>
    `task ${named(action, '')} was withdrawn${after(': ', reason ?? reasons)}`,
  'event.Task Expired': ({ action }) => `task ${named(action, '')} was not resolved in time`,
  'event.Coupon Issued': ({ action, percent, until }) =>
    `coupon${after(' of ', percent, ' %')} issued${after(' with ', action)}${after(', valid until ', until)}`,
  'event.Coupon Redeemed': ({ action, order: id }) =>
    `coupon${after(' of ', action)} redeemed${after(' for order ', id)}`,
  'event.Coupon Expired': ({ action }) => `coupon${after(' of ', action)} expired`,
  'event.Coupon Revoked': ({ action, reason }) =>
    `coupon${after(' of ', action)} revoked${after(': ', reason)}`,
  'event.Catalogue Viewed': ({ action, products }) =>
    `catalogue opened${after(' from ', action)}${after(': ', products?.text ?? null)}`,
  'event.Customer Identified': ({ traits }) => `identified${after(' with ', traits?.text ?? null)}`,
  'event.Page Viewed': ({ page }) => `page viewed${after(': ', page)}`,
  'event.Screen Viewed': ({ screen }) => `screen viewed${after(': ', screen)}`,
  'event.Group Joined': ({ account }) => `joined the account${after(' ', account)}`,
  'event.Alias Made': () => 'two ids were joined',
  'event.other': ({ name, details }) => `${name}${after(' (', details?.text ?? null, ')')}`,
};
