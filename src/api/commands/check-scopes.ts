import type { Bundle } from '../../domain/definition.ts';
import { type FieldError, HttpError } from '../frame/http-error.ts';

/** Channels that messages can take in a workspace. */
function listChannels({ workspace }: Bundle): string[] {
  return ['email', ...Object.keys(workspace.channels), 'agent_desk'];
}

/** A channel that nobody has: most likely misspelt, and a consent for it would never count. Null: it's fine. */
export function checkChannel(bundle: Bundle | null, channel: string, path: string): FieldError | null {
  if (!bundle || channel === '*' || listChannels(bundle).includes(channel)) return null;
  const channels = listChannels(bundle).join(', ');
  return {
    path,
    code: 'unknown_channel',
    detail: `there is no channel ${channel}: ${channels}, or * for all`,
  };
}

/** A topic that the workspace doesn't have. One without a list of topics takes any. */
export function checkTopic(bundle: Bundle | null, topic: string, path: string): FieldError | null {
  const topics = bundle?.workspace.topics ?? [];
  if (topics.length === 0 || topic === '*' || topics.includes(topic)) return null;
  return { path, code: 'unknown_topic', detail: `there is no topic ${topic}: ${topics.join(', ')}` };
}

/** @throws HttpError 400 with one line per error, if there are any */
export function rejectInvalidFields(errors: (FieldError | null)[]): void {
  const faults = errors.filter((error) => error !== null);
  if (faults.length === 0) return;
  const detail = faults.map((error) => `${error.path}: ${error.detail ?? error.code}`).join('; ');
  throw new HttpError(400, 'invalid_request', detail, { errors: faults });
}
