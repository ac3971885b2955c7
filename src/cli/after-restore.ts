import { connectAdministration } from '../../db/client.ts';
import { raiseEpoch } from '../../db/maintenance/raise-epoch.ts';
import { readDevFile } from '../dev/dev-file.ts';
import { UserError } from '../user-error.ts';

/** Raises the epoch of a restored database. Run it once after the restore, before any role is started again. */
export async function afterRestoreCommand(): Promise<void> {
  const url = process.env.DATABASE_URL ?? readDevFile()?.databaseUrl;
  if (!url) throw new UserError('set DATABASE_URL to the restored database');
  const db = connectAdministration(url, { name: 'throughline-after-restore' });
  try {
    const journeys = (await db.sql.begin((tx) => raiseEpoch(tx))) as number;
    console.log(`raised the epoch of ${journeys} customer journeys: start api, relay and worker now`);
  } finally {
    await db.close();
  }
}
