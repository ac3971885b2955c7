import type { Bundle } from '../../domain/definition.ts';
import type { Problem } from '../source/problem.ts';
import type { Sources } from '../source/read-sources.ts';
import { adviseEvents, type ReceivedEvents } from './events.ts';
import { adviseTemplates } from './templates.ts';

/**
 * Warns of what is allowed and most likely not meant: events that nobody tells, variables that print nothing, marketing
 * mails without a link to unsubscribe. Such a bundle is accepted.
 */
export function adviseBundle(
  sources: Sources,
  bundle: Pick<Bundle, 'workspace' | 'actions' | 'placements'>,
  received: ReceivedEvents,
): Problem[] {
  return [...adviseEvents(sources, bundle, received), ...adviseTemplates(sources.content, bundle.actions)];
}
