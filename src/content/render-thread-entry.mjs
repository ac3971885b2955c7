// The entry point of the thread that render-thread.ts starts. A thread does not inherit tsx, which reads the sources.
import { register } from 'tsx/esm/api';

register();
await import('./render-thread-main.ts');
