import { pageMembers } from '../../../db/accounts/accounts.ts';
import { advanceFanout, lockNextFanout } from '../../../db/accounts/fanouts.ts';
import type { Tx } from '../../../db/client.ts';
import type { Intake } from './accept.ts';
import { buildEcho } from './account-echo.ts';
import { acceptInTransaction } from './commit.ts';

const PAGE = 500;

/**
 * Appends the echoes of one account event to the logs of the next page of members. The cursor moves in the same commit,
 * so each member receives one echo, however many relays run and whenever they are killed.
 *
 * @returns whether more pages may be left
 */
export async function fanOut(intake: Intake, page = PAGE): Promise<boolean> {
  return (await intake.db.sql.begin((tx) => echoPage(tx, intake, page))) as boolean;
}

async function echoPage(tx: Tx, intake: Intake, limit: number): Promise<boolean> {
  const fanout = await lockNextFanout(tx);
  if (!fanout) return false;
  const { workspace, accountId, customerId, cursor } = fanout;
  const members = await pageMembers(tx, { workspace, id: accountId }, { except: customerId, cursor, limit });
  if (members.length > 0)
    await acceptInTransaction(
      tx,
      intake,
      members.map((member) => buildEcho(fanout, member)),
    );
  await advanceFanout(tx, fanout.id, members.length < limit ? null : (members.at(-1) as string));
  return true;
}
