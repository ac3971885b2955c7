import { pageMembers } from '../../../db/accounts/accounts.ts';
import { advanceFanout, lockNextFanout } from '../../../db/accounts/fanouts.ts';
import type { Tx } from '../../../db/client.ts';
import type { Intake } from './accept.ts';
import { buildEcho } from './account-echo.ts';
import { acceptInTransaction } from './commit.ts';

const PAGE = 500;

/**
 * Tells the next page of contacts of one event of their account. The cursor moves in the commit that appends the
 * echoes, so that each contact is told once, however many relays there are and whenever they die. Returns whether
 * there may be more to do.
 */
export async function fanOut(intake: Intake, page = PAGE): Promise<boolean> {
  return (await intake.db.sql.begin((tx) => tellPage(tx, intake, page))) as boolean;
}

async function tellPage(tx: Tx, intake: Intake, limit: number): Promise<boolean> {
  const fanout = await lockNextFanout(tx);
  if (!fanout) return false;
  const { workspace, accountId, customerId, cursor } = fanout;
  const contacts = await pageMembers(tx, { workspace, id: accountId }, { except: customerId, cursor, limit });
  if (contacts.length > 0)
    await acceptInTransaction(
      tx,
      intake,
      contacts.map((contact) => buildEcho(fanout, contact)),
    );
  await advanceFanout(tx, fanout.id, contacts.length < limit ? null : (contacts.at(-1) as string));
  return true;
}
