import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  parseSearchWith,
  stringifySearchWith,
} from '@tanstack/react-router';
import { customerSearch, customersSearch } from '../pages/customers/search.ts';
import { actionSearch, actionsSearch, decisionSearch, decisionsSearch } from '../pages/decisions/search.ts';
import { editSearch, journeySearch, journeysSearch } from '../pages/journeys/search.ts';
import { loginSearch } from '../pages/login/search.ts';
import { operationsSearch } from '../pages/operations/search.ts';
import { reportSearch } from '../pages/reports/search.ts';
import { tasksSearch } from '../pages/tasks/search.ts';
import { NotFound, PageCrashed } from './error-pages.tsx';
import { defineSearch, text } from './search.ts';
import { SessionGate } from './session-gate.tsx';

const root = createRootRoute({ component: Outlet });

/** Without a session of their own: the login, and the page inside of a support tool. */
const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: loginSearch,
  component: lazyRouteComponent(() => import('../pages/login/login-page.tsx'), 'LoginPage'),
});
const embed = createRoute({
  getParentRoute: () => root,
  path: '/embed/customers/$ref',
  validateSearch: defineSearch({ token: text }),
  component: lazyRouteComponent(() => import('../pages/embed/embed-page.tsx'), 'EmbedPage'),
});

/** The pages inside of the shell. Their ids begin with `/shell`: `getRouteApi('/shell/customers/$ref')`. */
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: SessionGate });
const below = { getParentRoute: () => shell };

const start = createRoute({
  ...below,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/start/start-page.tsx'), 'StartPage'),
});
const customers = createRoute({
  ...below,
  path: '/customers',
  validateSearch: customersSearch,
  component: lazyRouteComponent(() => import('../pages/customers/customers-page.tsx'), 'CustomersPage'),
});
const customer = createRoute({
  ...below,
  path: '/customers/$ref',
  validateSearch: customerSearch,
  component: lazyRouteComponent(() => import('../pages/customers/customer-page.tsx'), 'CustomerPage'),
});
const journeys = createRoute({
  ...below,
  path: '/journeys',
  validateSearch: journeysSearch,
  component: lazyRouteComponent(() => import('../pages/journeys/journeys-page.tsx'), 'JourneysPage'),
});
const edit = createRoute({
  ...below,
  path: '/journeys/edit',
  validateSearch: editSearch,
  component: lazyRouteComponent(() => import('../pages/journeys/edit-page.tsx'), 'EditPage'),
});
const journey = createRoute({
  ...below,
  path: '/journeys/$id',
  validateSearch: journeySearch,
  component: lazyRouteComponent(() => import('../pages/journeys/journey-page.tsx'), 'JourneyPage'),
});
const decisions = createRoute({
  ...below,
  path: '/decisions',
  validateSearch: decisionsSearch,
  component: lazyRouteComponent(() => import('../pages/decisions/decisions-page.tsx'), 'DecisionsPage'),
});
const decision = createRoute({
  ...below,
  path: '/decisions/$id',
  validateSearch: decisionSearch,
  component: lazyRouteComponent(() => import('../pages/decisions/decision-page.tsx'), 'DecisionPage'),
});
const actions = createRoute({
  ...below,
  path: '/actions',
  validateSearch: actionsSearch,
  component: lazyRouteComponent(() => import('../pages/decisions/actions-page.tsx'), 'ActionsPage'),
});
const action = createRoute({
  ...below,
  path: '/actions/$id',
  validateSearch: actionSearch,
  component: lazyRouteComponent(() => import('../pages/decisions/action-page.tsx'), 'ActionPage'),
});
const tasks = createRoute({
  ...below,
  path: '/tasks',
  validateSearch: tasksSearch,
  component: lazyRouteComponent(() => import('../pages/tasks/tasks-page.tsx'), 'TasksPage'),
});
const task = createRoute({
  ...below,
  path: '/tasks/$id',
  validateSearch: tasksSearch,
  component: lazyRouteComponent(() => import('../pages/tasks/task-page.tsx'), 'TaskPage'),
});
const report = createRoute({
  ...below,
  path: '/reports/$report',
  validateSearch: reportSearch,
  component: lazyRouteComponent(() => import('../pages/reports/report-page.tsx'), 'ReportPage'),
});
const operations = createRoute({
  ...below,
  path: '/operations',
  validateSearch: operationsSearch,
  component: lazyRouteComponent(() => import('../pages/operations/operations-page.tsx'), 'OperationsPage'),
});

/** Every other address, inside of the shell. */
const unknown = createRoute({ ...below, path: '$', component: NotFound });

const pages = [
  start,
  customers,
  customer,
  journeys,
  edit,
  journey,
  decisions,
  decision,
  actions,
  action,
  tasks,
  task,
  report,
  operations,
  unknown,
] as const;

export const router = createRouter({
  routeTree: root.addChildren([login, embed, shell.addChildren(pages)]),
  basepath: '/console',
  // Search parameters are plain text in the URL, so that people can read and write them.
  parseSearch: parseSearchWith((value) => value),
  stringifySearch: stringifySearchWith(String),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageCrashed,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
