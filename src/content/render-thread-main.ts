import { parentPort } from 'node:worker_threads';
import { runWithin, TimeLimitError } from '../limits/run-within.ts';
import { createEmailRenderer, type EmailRequest } from './render-email.ts';
import { createTextRenderer, type TextRequest } from './render-text.ts';
import type { ThreadAnswer, ThreadRequest } from './render-thread.ts';

/** Of one message. */
const MAX_MS = 1_000;

const renderEmail = createEmailRenderer();
const renderText = createTextRenderer();

function answer({ id, kind, request }: ThreadRequest): ThreadAnswer {
  try {
    const rendered = runWithin(MAX_MS, () =>
      kind === 'email' ? renderEmail(request as EmailRequest) : renderText(request as TextRequest),
    );
    return { id, ok: true, rendered };
  } catch (error) {
    if (error instanceof TimeLimitError)
      return { id, ok: false, error: `takes longer than ${MAX_MS} ms to render` };
    return { id, ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (message: ThreadRequest) => parentPort?.postMessage(answer(message)));
