import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';
import { COMPILED } from '../compiled.ts';
import { PAYLOAD_CONVERTER } from './connection.ts';

/** The workflow code as workers load it. */
export type WorkflowBundle = { code: string } | { codePath: string };

/** The file of the bundle that `npm run build` makes. */
const BUILT = new URL('../workflow-bundle.js', import.meta.url);

/** The workflow code of this version: from the build, or bundled from the sources, which takes some seconds. */
export async function loadWorkflowBundle(logger?: Logger): Promise<WorkflowBundle> {
  if (COMPILED) return { codePath: fileURLToPath(BUILT) };
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    payloadConverterPath: PAYLOAD_CONVERTER,
    logger,
  });
  return { code };
}
