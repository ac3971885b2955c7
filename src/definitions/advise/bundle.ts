import type { Bundle } from '../../domain/definition.ts';
import type { BundleFile } from '../source/bundle-file.ts';
import type { Problem } from '../source/problem.ts';
import { type OnFile, readSources } from '../source/read-sources.ts';
import { adviseBrowserKeys } from './browser-keys.ts';
import { adviseEvents, type ReceivedEvents } from './events.ts';
import { adviseTemplates } from './templates.ts';
import { adviseTextMessages } from './text-messages.ts';

/**
 * Warns of what is allowed and most likely not meant: events that nobody sends, variables that print nothing, marketing
 * mails without a link to unsubscribe, long text messages. Such a bundle is accepted.
 *
 * @param files of a bundle that compiles
 */
export function adviseBundle(
  files: readonly BundleFile[],
  bundle: Pick<Bundle, 'workspace' | 'actions' | 'placements'>,
  received: ReceivedEvents,
  onFile: OnFile = () => {},
): Problem[] {
  const sources = readSources(files, [], onFile);
  return [
    ...adviseEvents(sources, bundle, received),
    ...adviseTemplates(sources.content, bundle.actions, onFile),
    ...adviseTextMessages(sources.content, bundle.workspace.channels),
    ...adviseBrowserKeys(bundle),
  ];
}
