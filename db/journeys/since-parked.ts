import type { Tx } from '../client.ts';

/** The version of the active bundle, and whether one of these events came after `seq`. */
export async function readSinceParked(
  tx: Tx,
  {
    workspace,
    customerId,
    seq,
    commands,
  }: { workspace: string; customerId: string; seq: number; commands: readonly string[] },
): Promise<{ bundle: number; isCommanded: boolean }> {
  const [row] = await tx<{ bundle: number; isCommanded: boolean }[]>`
    select config_version as bundle, exists (
      select 1 from events where customer_id = ${customerId} and seq > ${seq} and name = any(${[...commands]}::text[])
    ) as "isCommanded"
    from workspaces where id = ${workspace}`;
  return row ?? { bundle: 0, isCommanded: false };
}
