import { runWithin, TimeLimitError } from '../limits/run-within.ts';
import { BLOCKS_FOLDER } from './block-name.ts';
import { createEmailRenderer, type EmailRequest, type RenderedEmail } from './render-email.ts';
import { createTextRenderer, type RenderedText, type TextRequest } from './render-text.ts';
import { RenderThread, type ThreadRequest } from './render-thread.ts';
import { TemplateError } from './template-error.ts';

export interface Patience {
  /** false: a message that is not rendered at once fails, for callers that hold locks or do not wait for a second. */
  patient: boolean;
}

/** The template takes longer than an impatient caller waits. */
export class RenderTooSlow extends TemplateError {}

/** Renders messages of customers. Templates are code of authors over data of senders, so each is limited in time. */
export interface Renderer {
  /** @throws TemplateError; RenderTooSlow; RendererUnavailable */
  email(request: EmailRequest, patience?: Patience): Promise<RenderedEmail>;
  /** @throws TemplateError; RenderTooSlow; RendererUnavailable */
  text(request: TextRequest, patience?: Patience): Promise<RenderedText>;
  /** Messages that wait for the thread. */
  readonly waiting: number;
  close(): Promise<void>;
}

/** Everything else in the process waits so long at most. An ordinary mail takes 1 to 10 ms. */
const MAX_MS = 50;

/**
 * Creates a renderer. A message is rendered at once; one that takes too long for that is rendered again in a thread,
 * where it has a second.
 */
export function createRenderer({ patient: usually = true }: Partial<Patience> = {}): Renderer {
  const renderEmail = createEmailRenderer();
  const renderText = createTextRenderer();
  const thread = new RenderThread();
  const render = async <T>(
    kind: ThreadRequest['kind'],
    request: EmailRequest,
    { patient }: Patience,
    renderHere: () => T,
  ) => {
    try {
      return runWithin(MAX_MS, renderHere);
    } catch (error) {
      if (!(error instanceof TimeLimitError)) throw error;
      if (!patient) throw new RenderTooSlow(`takes longer than ${MAX_MS} ms to render`);
      return (await thread.render(kind, { ...request, files: filesOf(request) })) as T;
    }
  };
  return {
    email: (request, patience = { patient: usually }) =>
      render('email', request, patience, () => renderEmail(request)),
    text: (request, patience = { patient: usually }) =>
      render('text', request, patience, () => renderText(request)),
    get waiting() {
      return thread.waiting;
    },
    close: () => thread.close(),
  };
}

/** The files of the action, and the blocks: a bundle has many, and they are copied. */
function filesOf({ files, action }: EmailRequest): ReadonlyMap<string, string> {
  if (typeof files === 'function') throw new Error('the files of a limited message must be a map');
  const folders = [`content/${action}/`, BLOCKS_FOLDER];
  return new Map([...files].filter(([path]) => folders.some((folder) => path.startsWith(folder))));
}
