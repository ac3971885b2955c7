import { afterAll, beforeAll, expect, test } from 'vitest';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { listSent } from '../../support/events-page.ts';
import { startApi, type TestApi } from '../support/harness.ts';

const tested: string[] = [];

/** Tests a row of "Tickets" in docs/events.md, by what is sent. */
function testRow(sent: string, run: () => Promise<void>): void {
  tested.push(sent);
  test(sent, run);
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, (files) =>
    treatEveryCustomer(files).map((file) =>
      file.path === 'workspace.yaml'
        ? { ...file, text: file.text.replace('tickets: {', 'tickets: { status: { "Stufe 9": closed },') }
        : file,
    ),
  );
});
afterAll(() => api.stop());

interface View {
  openTickets: { id: string; source: string; status: string; severity: string; subject: string }[];
  suppressed: { active: boolean; reasons: { code: string }[] };
}

async function viewOf(userId: string): Promise<View> {
  return (await api.get(`/v1/customers/user:${userId}`).expect(200)).body;
}

async function openTicketsOf(userId: string) {
  return (await viewOf(userId)).openTickets.map(({ id }) => id);
}

async function timelineOf(userId: string) {
  const { body } = await api.get(`/v1/customers/user:${userId}/timeline`).expect(200);
  return body.data as { title: string; notes: { code: string }[] }[];
}

/** Opens a ticket of a new customer's own, and reports what else happens to it. */
let customers = 0;
async function tell(...reports: [event: string, properties: object][]) {
  const userId = `tickets-${++customers}`;
  const ticketId = `T-${customers}`;
  for (const [event, properties] of reports)
    await api.track(userId, event, { ticket_id: ticketId, ...properties });
  return { userId, ticketId };
}

const OPENED: [string, object] = ['Ticket Opened', {}];
const NOTE = { code: 'unknown_ticket_status', field: 'properties.status' };

testRow('`Ticket Closed` with an unknown status, such as `5`', async () => {
  const { userId } = await tell(OPENED, ['Ticket Closed', { status: '5' }]);
  expect(await openTicketsOf(userId)).toEqual([]);
  expect((await timelineOf(userId))[0]?.notes).toEqual([{ ...NOTE, value: '5' }]);
});

testRow('`Ticket Opened` with an unknown status', async () => {
  const { userId, ticketId } = await tell(['Ticket Opened', { status: 'Stufe 1' }]);
  expect(await openTicketsOf(userId)).toEqual([ticketId]);
  expect((await timelineOf(userId))[0]?.notes).toMatchObject([NOTE]);
});

testRow('`Ticket Updated` with an unknown status', async () => {
  const open = await tell(OPENED, ['Ticket Updated', { status: 'Stufe 1' }]);
  expect(await openTicketsOf(open.userId)).toEqual([open.ticketId]);
  const closed = await tell(OPENED, ['Ticket Closed', {}], ['Ticket Updated', { status: 'Stufe 1' }]);
  expect(await openTicketsOf(closed.userId)).toEqual([]);
  expect((await timelineOf(closed.userId))[0]?.notes).toMatchObject([NOTE]);
});

testRow('`Ticket Updated` without a status, after a close', async () => {
  const { userId } = await tell(OPENED, ['Ticket Closed', {}], ['Ticket Updated', { subject: 'Grinder' }]);
  expect(await openTicketsOf(userId)).toEqual([]);
});

testRow('`Ticket Updated` with ` On-Hold `, `in Bearbeitung`', async () => {
  for (const status of [' On-Hold ', 'in Bearbeitung']) {
    const { userId, ticketId } = await tell(OPENED, ['Ticket Closed', {}], ['Ticket Updated', { status }]);
    expect(await openTicketsOf(userId)).toEqual([ticketId]);
  }
});

testRow('`Ticket Updated` with `Merged`, `spam`, `gelöst`', async () => {
  for (const status of ['Merged', 'spam', 'gelöst']) {
    const { userId } = await tell(OPENED, ['Ticket Updated', { status }]);
    expect(await openTicketsOf(userId)).toEqual([]);
  }
});

testRow('`Ticket Updated` with a word of `tickets.status`', async () => {
  const { userId } = await tell(OPENED, ['Ticket Updated', { status: ' stufe-9' }]);
  expect(await openTicketsOf(userId)).toEqual([]);
  expect((await timelineOf(userId))[0]?.notes).toEqual([]);
});

testRow('an event of a ticket that names no severity', async () => {
  const { userId } = await tell(
    ['Ticket Opened', { severity: 'Urgent' }],
    ['Ticket Updated', { subject: 'Grinder' }],
  );
  expect((await viewOf(userId)).openTickets).toMatchObject([{ severity: 'urgent', subject: 'Grinder' }]);
});

testRow('an older event that comes later', async () => {
  const at = (minute: number) => ({
    updated_at: new Date(Date.now() - 3_600_000 + minute * 60_000).toISOString(),
  });
  const { userId } = await tell(
    ['Ticket Opened', at(1)],
    ['Ticket Updated', { ...at(9), subject: 'newest' }],
    ['Ticket Closed', { ...at(5), severity: 'minor', subject: 'older' }],
  );
  expect(await openTicketsOf(userId)).toEqual([]);
  const [row] = await api.db.sql`
    select severity, subject from tickets where customer_id = ${await api.customerOf(userId)}`;
  expect(row).toEqual({ severity: 'minor', subject: 'newest' });
});

testRow('two desks that use one number', async () => {
  const [first, second] = [{ source: 'zendesk' }, { source: 'freshdesk' }];
  const { userId } = await tell(
    ['Ticket Opened', first],
    ['Ticket Opened', second],
    ['Ticket Closed', second],
  );
  expect((await viewOf(userId)).openTickets).toMatchObject([first]);
});

testRow('`Ticket Updated` for another customer than the one who has it', async () => {
  const { userId, ticketId } = await tell(['Ticket Opened', { severity: 'urgent', subject: 'Grinder' }]);
  await api.track('new-requester', 'Ticket Updated', { ticket_id: ticketId });
  expect(await viewOf(userId)).toMatchObject({ openTickets: [], suppressed: { active: false } });
  expect((await timelineOf(userId))[0]?.title).toBe('Ticket Moved');
  expect((await viewOf('new-requester')).openTickets).toMatchObject([
    { id: ticketId, severity: 'urgent', subject: 'Grinder' },
  ]);
  await api.track(userId, 'Ticket Updated', { ticket_id: ticketId, subject: 'back again' });
  expect(await openTicketsOf(userId)).toEqual([ticketId]);
  expect(await openTicketsOf('new-requester')).toEqual([]);
});

testRow('`Ticket Opened` for another customer, with a number in use', async () => {
  const { userId, ticketId } = await tell(OPENED);
  await api.track('same-number', 'Ticket Opened', { ticket_id: ticketId });
  await api.track('same-number', 'Ticket Closed', { ticket_id: ticketId });
  expect(await openTicketsOf(userId)).toEqual([ticketId]);
  expect(await openTicketsOf('same-number')).toEqual([]);
});

testRow('a ticket event without `ticket_id`', async () => {
  await api.track('no-number', 'Ticket Opened', { subject: 'Grinder' });
  expect(await openTicketsOf('no-number')).toEqual([]);
  expect((await timelineOf('no-number'))[0]?.notes).toMatchObject([{ code: 'ticket_without_id' }]);
});

test('F17: every row of the page is tested', () => {
  expect(tested).toEqual(listSent('Tickets'));
});
