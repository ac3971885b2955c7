import { Desk } from './desk.tsx';

/** The queues of the agent desk. */
export const TasksPage = () => <Desk taskId={null} />;
