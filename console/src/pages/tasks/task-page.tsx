import { getRouteApi } from '@tanstack/react-router';
import { Desk } from './desk.tsx';

const route = getRouteApi('/shell/tasks/$id');

/** One case, beside its queue. */
export function TaskPage() {
  const { id } = route.useParams();
  return <Desk taskId={id} />;
}
