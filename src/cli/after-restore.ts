import { connectAdministration } from '../../db/client.ts';
import { raiseEpoch } from '../../db/maintenance/raise-epoch.ts';
import { explainDatabaseError, readDatabaseUrl, requireSchema } from './database.ts';

/** Raises the epoch of a restored database. Run it once after the restore, before any role is started again. */
export async function afterRestoreCommand(): Promise<void> {
  const db = connectAdministration(readDatabaseUrl(), { name: 'throughline-after-restore' });
  try {
    await requireSchema(db);
    const journeys = (await db.sql.begin((tx) => raiseEpoch(tx))) as number;
    console.log(`raised the epoch of ${journeys} customer journeys: start api, relay and worker now`);
  } catch (error) {
    throw explainDatabaseError(error);
  } finally {
    await db.close();
  }
}
