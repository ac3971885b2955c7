import type { Client, ConnectionOptions } from '@temporalio/client';
import { isAtLeast, SERVER_VERSION } from '../../dev/temporal/lookup.ts';
import { UserError } from '../../user-error.ts';
import { buildWorkflowId } from '../../workflows/identifiers.ts';

const GRPC_NOT_FOUND = 5;
const GRPC_UNIMPLEMENTED = 12;
const USE_DEV_SERVER = 'use the server that npm start starts';

/** Time is skipped on development servers only. @throws UserError elsewhere */
export function refuseProduction(env: NodeJS.ProcessEnv, connection: ConnectionOptions): void {
  if (env.NODE_ENV === 'production')
    throw new UserError('advance is for development servers only, and NODE_ENV is production');
  if (connection.tls || connection.apiKey)
    throw new UserError(
      `advance is for development servers only, and ${connection.address} needs TLS or an API key: ${USE_DEV_SERVER}`,
    );
}

/** @throws UserError on a server that is too old to skip time */
export async function refuseOldServer(client: Client, address: string): Promise<void> {
  const { serverVersion } = await client.workflowService.getSystemInfo({});
  const [version] = /^\d+\.\d+\.\d+/.exec(serverVersion ?? '') ?? [];
  if (version !== undefined && !isAtLeast(version, SERVER_VERSION))
    throw new UserError(
      `Temporal ${version} at ${address} can't skip time: upgrade it to ${SERVER_VERSION} or newer, or ${USE_DEV_SERVER}`,
    );
}

/** @throws UserError when no workflow runs for this customer */
export async function refuseWithoutJourney(
  client: Client,
  ref: string,
  { workspace, id }: { workspace: string; id: string },
): Promise<void> {
  const running = await client.workflow
    .getHandle(buildWorkflowId(workspace, id))
    .describe()
    .then(
      ({ status }) => status.name === 'RUNNING',
      (error: Error & { code?: number }) => {
        if (error.name === 'WorkflowNotFoundError' || error.code === GRPC_NOT_FOUND) return false;
        throw error;
      },
    );
  if (!running)
    throw new UserError(
      `${ref} has no running journey: send an event of this customer while relay and worker run, then try again`,
    );
}

/** What a server's refusal to skip time means, and what to do about it. */
export function explainRefusal(error: unknown, address: string): unknown {
  const { code, message } = error as { code?: number; message: string };
  if (code !== GRPC_UNIMPLEMENTED) return error;
  return new UserError(
    `time skipping is off on the Temporal server at ${address} (${message}): set frontend.WorkflowTimeSkippingEnabled to true in its dynamic configuration, or ${USE_DEV_SERVER}`,
  );
}
