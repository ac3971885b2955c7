import { runWithin, TimeLimitError } from '../limits/run-within.ts';
import { createEmailRenderer, type EmailRequest, type RenderedEmail } from './render-email.ts';
import { createTextRenderer, type RenderedText, type TextRequest } from './render-text.ts';
import { RenderThread, type ThreadRequest } from './render-thread.ts';
import { TemplateError } from './template-error.ts';

/** Renders messages of customers. Templates are code of authors over data of senders, so each is limited in time. */
export interface Renderer {
  /** @throws TemplateError; RendererUnavailable */
  email(request: EmailRequest): Promise<RenderedEmail>;
  /** @throws TemplateError; RendererUnavailable */
  text(request: TextRequest): Promise<RenderedText>;
  /** Messages that wait for the thread. */
  readonly waiting: number;
  close(): Promise<void>;
}

/** Everything else in the process waits so long at most. An ordinary mail takes 1 to 10 ms. */
const MAX_MS = 50;

/**
 * Creates a renderer. A message is rendered at once; one that takes too long for that is rendered again in a thread,
 * where it has a second.
 * @param options.patient false: it fails instead, for callers that do not wait for a second
 */
export function createRenderer({ patient = true }: { patient?: boolean } = {}): Renderer {
  const renderEmail = createEmailRenderer();
  const renderText = createTextRenderer();
  const thread = new RenderThread();
  const render = async <T>(kind: ThreadRequest['kind'], request: EmailRequest, renderHere: () => T) => {
    try {
      return runWithin(MAX_MS, renderHere);
    } catch (error) {
      if (!(error instanceof TimeLimitError)) throw error;
      if (!patient) throw new TemplateError(`takes longer than ${MAX_MS} ms to render`);
      return (await thread.render(kind, { ...request, files: filesOf(request) })) as T;
    }
  };
  return {
    email: (request) => render('email', request, () => renderEmail(request)),
    text: (request) => render('text', request, () => renderText(request)),
    get waiting() {
      return thread.waiting;
    },
    close: () => thread.close(),
  };
}

/** The files of the action: a bundle has many, and they are copied. */
function filesOf({ files, action }: EmailRequest): ReadonlyMap<string, string> {
  if (typeof files === 'function') throw new Error('the files of a limited message must be a map');
  return new Map([...files].filter(([path]) => path.startsWith(`content/${action}/`)));
}
