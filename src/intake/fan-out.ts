import type { Tx } from '../../db/client.ts';
import { pageContacts } from '../../db/queries/accounts.ts';
import { moveFanout, takeFanout } from '../../db/queries/fanouts.ts';
import type { Intake } from './accept.ts';
import { appendAll } from './commit.ts';
import { echoFor } from './echo.ts';

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
  const fanout = await takeFanout(tx);
  if (!fanout) return false;
  const { workspace, accountId, customerId, cursor } = fanout;
  const contacts = await pageContacts(
    tx,
    { workspace, id: accountId },
    { except: customerId, cursor, limit },
  );
  if (contacts.length > 0)
    await appendAll(
      tx,
      intake,
      contacts.map((contact) => echoFor(fanout, contact)),
    );
  await moveFanout(tx, fanout.id, contacts.length < limit ? null : (contacts.at(-1) as string));
  return true;
}
