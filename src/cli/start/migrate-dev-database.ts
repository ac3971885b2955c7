import path from 'node:path';
import { migrate, SchemaMismatch } from '../../../db/migrate.ts';
import { UserError } from '../../user-error.ts';

/**
 * Migrates the database of `npm start`.
 *
 * @param dir the folder of `npm start`, which holds a database of its own unless `DATABASE_URL` names another
 * @throws UserError if another build has migrated the database further or differently
 */
export async function migrateDevDatabase(url: string, dir: string): Promise<void> {
  try {
    await migrate(url);
  } catch (error) {
    if (!(error instanceof SchemaMismatch)) throw error;
    const where = process.env.DATABASE_URL
      ? 'DATABASE_URL names it'
      : `it is in ${path.join(dir, 'postgres')}`;
    throw new UserError(`${error.message} (${where})`);
  }
}
