import type { Random } from '../random.ts';
import type { RoleName } from '../roles.ts';
import type { Person } from '../said.ts';
import type { SendingStyle } from '../sender.ts';
import type { Stage } from '../stage.ts';

/** What an injection may use. */
export interface FaultContext {
  stage: Stage;
  random: Random;
  /** The customers whose histories are being sent. */
  people: Person[];
}

/** One kind of fault. */
export interface Fault {
  kind: string;
  /** Its number in the catalogue of faults (test/chaos/README.md). */
  number: string;
  /** How many processes of a role it needs; otherwise one. */
  roles?: Partial<Record<RoleName, number>>;
  /** How often it is injected while histories are sent. */
  tries: number;
  style?: SendingStyle;
  /** Milliseconds over which the histories are spread; longer where a fault takes long. */
  spreadMs?: number;
  /** Breaks something and mends it again. Resolves when everything is mended. */
  inject?(context: FaultContext): Promise<void>;
  /** Around a whole round. */
  before?(context: FaultContext): Promise<void>;
  after?(context: FaultContext): Promise<void>;
}
