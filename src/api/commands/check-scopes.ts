import type { Bundle } from '../../domain/definition.ts';
import { type FieldError, HttpError } from '../frame/http-error.ts';

/** The channels of a workspace. */
function listChannels({ workspace }: Bundle): string[] {
  return ['email', ...Object.keys(workspace.channels), 'agent_desk'];
}

/** Refuses a channel that the workspace does not have: a consent for it would have no effect. Null: it is valid. */
export function checkChannel(bundle: Bundle | null, channel: string, path: string): FieldError | null {
  if (!bundle || channel === '*' || listChannels(bundle).includes(channel)) return null;
  const channels = listChannels(bundle).join(', ');
  return {
    path,
    code: 'unknown_channel',
    detail: `there is no channel ${channel}: ${channels}, or * for all`,
  };
}

/** Refuses a topic that the workspace does not have. A workspace without a list of topics accepts any. */
export function checkTopic(bundle: Bundle | null, topic: string, path: string): FieldError | null {
  const topics = bundle?.workspace.topics ?? [];
  if (topics.length === 0 || topic === '*' || topics.includes(topic)) return null;
  return { path, code: 'unknown_topic', detail: `there is no topic ${topic}: ${topics.join(', ')}` };
}

/** @throws HttpError 400 with all errors, if there are any */
export function rejectInvalidFields(errors: (FieldError | null)[]): void {
  const faults = errors.filter((error) => error !== null);
  if (faults.length === 0) return;
  const detail = faults.map((error) => `${error.path}: ${error.detail ?? error.code}`).join('; ');
  throw new HttpError(400, 'invalid_request', detail, { errors: faults });
}
