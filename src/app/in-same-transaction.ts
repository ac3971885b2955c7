import type { Tx } from '../../db/client.ts';

/** More statements for the transaction of a use case, which get its result. Both are committed, or neither is. */
export type InSameTransaction<Result> = (tx: Tx, result: Result) => Promise<void>;
