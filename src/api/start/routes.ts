import { readConfigVersion } from '../../../db/config/active-bundle.ts';
import { type Milestones, readMilestones, readOpenTicket } from '../../../db/start/read-milestones.ts';
import { UNKNOWN_SCAN } from '../../sources/scan-json.ts';
import { isParseRefusal } from '../../sources/segment.ts';
import { parseBody } from '../../sources/segment-body.ts';
import { HttpError } from '../frame/http-error.ts';
import { type Api, defineOperation, type Operation } from '../frame/operation.ts';
import { buildExampleCall, type ExampleCall, PERSONS } from './example-calls.ts';
import { exampleBody, exampleCall, start } from './schema.ts';

const tag = 'Events';

/** What the console's start page shows, and the example that it sends. */
export const startOperations: Operation[] = [
  defineOperation({
    id: 'getStart',
    method: 'get',
    path: '/v1/start',
    tag,
    summary: 'How far a workspace has come: what has happened at least once',
    scope: 'read',
    replies: { 200: { description: 'How far', schema: start } },
    async handle({ api, workspace }) {
      const { sql } = api.deps.db;
      const version = await readConfigVersion(sql, workspace);
      const milestones = await readMilestones(sql, workspace);
      const { events, orders, tickets, messages, applies } = milestones;
      const done = { event: events, order: orders, ticket: tickets, message: messages, apply: applies };
      return { body: { version, done, example: isExamplePlace(workspace, milestones) } };
    },
  }),
  defineOperation({
    id: 'sendExample',
    method: 'post',
    path: '/v1/start/example',
    tag,
    summary:
      'Send a call of the example through the intake. Only in the workspace `aroma`, or before any customer',
    scope: 'operate',
    body: exampleBody,
    replies: { 200: { description: 'It was accepted', schema: exampleCall } },
    problems: [409],
    async handle({ api, workspace, body: { step }, once }) {
      const { sql } = api.deps.db;
      const call = await once<ExampleCall>(async (record) => {
        if (!isExamplePlace(workspace, await readMilestones(sql, workspace)))
          throw new HttpError(409, 'has_customers', 'this workspace has customers of its own');
        const openTicket = await readOpenTicket(sql, workspace, PERSONS[step]);
        if (step === 'close' && openTicket === null)
          throw new HttpError(409, 'no_open_ticket', 'there is no open ticket to close');
        const made = buildExampleCall(step, Date.now().toString(36), openTicket);
        await accept(api, workspace, made);
        await sql.begin((tx) => record(tx, made));
        return made;
      });
      api.notifyRelays();
      return { body: { call, customer: `user:${call.userId}` } };
    },
  }),
];

/** The workspace of the example bundle: nobody real is in it. Before there is a customer, any may try the example. */
const EXAMPLE_WORKSPACE = 'aroma';

function isExamplePlace(workspace: string, { customers }: Milestones): boolean {
  return workspace === EXAMPLE_WORKSPACE || !customers;
}

/** Reads the call as one that a backend sends, and accepts it as all others. */
async function accept({ deps }: Api, workspace: string, call: ExampleCall): Promise<void> {
  const envelope = { workspace, receivedAt: Date.now(), historical: false, source: 'start page' };
  const parsed = parseBody(call, 'track', UNKNOWN_SCAN, JSON.stringify(call).length, envelope);
  const [event] = isParseRefusal(parsed) ? [] : parsed.events;
  if (!event) throw new Error(`the example's call was refused: ${JSON.stringify(parsed)}`);
  await deps.intake.accept([event]);
}
