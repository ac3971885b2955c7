import {
  CircleDot,
  CornerUpLeft,
  Database,
  DoorOpen,
  GitBranch,
  Hourglass,
  LogIn,
  LogOut,
  Send,
  Target,
  Zap,
} from 'lucide-react';
import type { NodeKind } from '../../journey-graph/graph.ts';

const ICONS: Record<NodeKind, typeof LogIn> = {
  enter: LogIn,
  decide: Zap,
  wait: Hourglass,
  branch: GitBranch,
  set: Database,
  emit: Send,
  goto: CornerUpLeft,
  exit: LogOut,
  goal: Target,
  leave: DoorOpen,
  end: CircleDot,
};

/** The sign of a kind of step, beside its name. */
export function KindIcon({ kind }: { kind: NodeKind }) {
  const Icon = ICONS[kind];
  return <Icon aria-hidden="true" size={15} />;
}
