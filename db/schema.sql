CREATE TABLE accounts (
  workspace text NOT NULL,
  id text NOT NULL,
  traits jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT accounts_workspace_id_pk PRIMARY KEY (workspace, id)
);
CREATE INDEX accounts_stated_by ON public.accounts USING gin (jsonb_path_query_array(traits, '$.*."by"'::jsonpath));

CREATE TABLE agent_tasks (
  id text NOT NULL,
  customer_id text NOT NULL,
  workspace text NOT NULL,
  decision_id text NOT NULL,
  enrollment_id text NOT NULL,
  action text NOT NULL,
  class text NOT NULL,
  topic text,
  key text,
  subject text,
  bundle_version integer NOT NULL,
  state text NOT NULL,
  queue text NOT NULL,
  level integer DEFAULT 0 NOT NULL,
  cost bigint DEFAULT 0 NOT NULL,
  at bigint NOT NULL,
  acknowledge_by bigint NOT NULL,
  resolve_by bigint NOT NULL,
  snoozed_until bigint,
  assignee text,
  outcome text,
  end_reason text,
  definition jsonb NOT NULL,
  reasons jsonb NOT NULL,
  "case" jsonb,
  trace text,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT agent_tasks_pkey PRIMARY KEY (id),
  CONSTRAINT agent_tasks_class CHECK ((class = ANY (ARRAY['mandatory'::text, 'transactional'::text, 'service'::text, 'marketing'::text]))),
  CONSTRAINT agent_tasks_state CHECK ((state = ANY (ARRAY['planned'::text, 'open'::text, 'acknowledged'::text, 'resolved'::text, 'expired'::text, 'withdrawn'::text])))
);
CREATE INDEX agent_tasks_assignee ON public.agent_tasks USING btree (workspace, assignee, state, acknowledge_by, id) WHERE (assignee IS NOT NULL);
CREATE INDEX agent_tasks_customer ON public.agent_tasks USING btree (customer_id, at);
CREATE INDEX agent_tasks_desk ON public.agent_tasks USING btree (workspace, queue, state, acknowledge_by, id);
CREATE INDEX agent_tasks_planned ON public.agent_tasks USING btree (updated_at) WHERE (state = 'planned'::text);
CREATE INDEX agent_tasks_snoozed ON public.agent_tasks USING btree (workspace, snoozed_until) WHERE ((snoozed_until IS NOT NULL) AND (state = ANY (ARRAY['open'::text, 'acknowledged'::text])));
CREATE INDEX agent_tasks_updated ON public.agent_tasks USING btree (workspace, updated_at);

CREATE TABLE bundles (
  workspace text NOT NULL,
  version integer NOT NULL,
  hash text NOT NULL,
  files jsonb NOT NULL,
  compiled jsonb NOT NULL,
  activated_at timestamp with time zone NOT NULL,
  applied_by text,
  CONSTRAINT bundles_workspace_version_pk PRIMARY KEY (workspace, version)
);

CREATE TABLE cms_copies (
  workspace text NOT NULL,
  file text NOT NULL,
  origin text NOT NULL,
  source text NOT NULL,
  entry text NOT NULL,
  text text,
  version text,
  etag text,
  fetched_at timestamp with time zone,
  checked_at timestamp with time zone,
  error text,
  failed_at timestamp with time zone,
  refused text,
  next_at timestamp with time zone NOT NULL,
  CONSTRAINT cms_copies_workspace_file_origin_pk PRIMARY KEY (workspace, file, origin)
);
CREATE INDEX cms_copies_next ON public.cms_copies USING btree (next_at);

CREATE TABLE consents (
  customer_id text NOT NULL,
  seq bigint NOT NULL,
  purpose text NOT NULL,
  channel text NOT NULL,
  topic text NOT NULL,
  status text NOT NULL,
  source text NOT NULL,
  at bigint NOT NULL,
  speaker text,
  CONSTRAINT consents_customer_id_seq_purpose_channel_topic_at_pk PRIMARY KEY (customer_id, seq, purpose, channel, topic, at),
  CONSTRAINT consents_status CHECK ((status = ANY (ARRAY['granted'::text, 'withdrawn'::text])))
);

CREATE TABLE coupons (
  id text NOT NULL,
  workspace text NOT NULL,
  code text NOT NULL,
  customer_id text NOT NULL,
  action text NOT NULL,
  once text NOT NULL,
  decision_id text NOT NULL,
  enrollment_id text NOT NULL,
  percent double precision NOT NULL,
  state text DEFAULT 'issued'::text NOT NULL,
  issued_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  redeemed_at timestamp with time zone,
  order_id text,
  discount bigint,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT coupons_pkey PRIMARY KEY (id),
  CONSTRAINT coupons_state CHECK ((state = ANY (ARRAY['issued'::text, 'redeemed'::text, 'expired'::text, 'revoked'::text])))
);
CREATE UNIQUE INDEX coupons_code ON public.coupons USING btree (workspace, code);
CREATE INDEX coupons_customer ON public.coupons USING btree (customer_id);
CREATE INDEX coupons_expiring ON public.coupons USING btree (workspace, expires_at) WHERE (state = 'issued'::text);
CREATE UNIQUE INDEX coupons_once ON public.coupons USING btree (workspace, action, once);

CREATE TABLE customers (
  id text NOT NULL,
  workspace text NOT NULL,
  seq bigint DEFAULT 0 NOT NULL,
  profile jsonb NOT NULL,
  email text,
  name_key text,
  paused jsonb,
  account_id text,
  person_key text,
  merged_into text,
  inherits jsonb,
  erased_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT customers_pkey PRIMARY KEY (id)
) WITH (fillfactor=70);
CREATE INDEX customers_account ON public.customers USING btree (workspace, account_id, id) WHERE (account_id IS NOT NULL);
CREATE INDEX customers_email ON public.customers USING btree (workspace, email text_pattern_ops) WHERE (email IS NOT NULL);
CREATE INDEX customers_merged ON public.customers USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX customers_name ON public.customers USING btree (workspace, name_key text_pattern_ops) WHERE (name_key IS NOT NULL);
CREATE INDEX customers_person_key ON public.customers USING btree (person_key) WHERE (person_key IS NOT NULL);
CREATE INDEX customers_surname ON public.customers USING btree (workspace, "substring"(name_key, '[^ ]+$'::text) text_pattern_ops) WHERE (name_key IS NOT NULL);
CREATE INDEX customers_sweep ON public.customers USING btree (workspace, id);
CREATE INDEX customers_workspace ON public.customers USING btree (workspace, created_at, id);

CREATE TABLE decisions (
  id text NOT NULL,
  customer_id text NOT NULL,
  workspace text NOT NULL,
  epoch integer NOT NULL,
  ordinal integer,
  kind text DEFAULT 'journey'::text NOT NULL,
  placement text,
  expires_at timestamp with time zone,
  at bigint NOT NULL,
  committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  from_seq bigint NOT NULL,
  to_seq bigint NOT NULL,
  bundle_version integer NOT NULL,
  outcome text NOT NULL,
  chosen jsonb,
  changed boolean NOT NULL,
  moves jsonb,
  policies jsonb,
  replayable boolean NOT NULL,
  record bytea NOT NULL,
  kept smallint DEFAULT 0 NOT NULL,
  CONSTRAINT decisions_id_committed_at_kept_pk PRIMARY KEY (id, committed_at, kept),
  CONSTRAINT decisions_kind CHECK ((kind = ANY (ARRAY['journey'::text, 'realtime'::text]))),
  CONSTRAINT decisions_outcome CHECK ((outcome = ANY (ARRAY['acted'::text, 'held'::text, 'nothing'::text, 'moved'::text, 'offered'::text, 'fallback'::text])))
) PARTITION BY RANGE (kept, committed_at);
CREATE INDEX decisions_at ON ONLY public.decisions USING brin (at) WITH (pages_per_range='16');
CREATE INDEX decisions_customer ON ONLY public.decisions USING btree (customer_id, epoch, ordinal);
CREATE INDEX decisions_policies ON ONLY public.decisions USING btree (workspace, at) WHERE (policies IS NOT NULL);
CREATE INDEX decisions_realtime ON ONLY public.decisions USING btree (committed_at) WHERE (kind = 'realtime'::text);
CREATE INDEX decisions_replayable ON ONLY public.decisions USING btree (workspace, at, id) WHERE replayable;

CREATE TABLE deliveries (
  id text NOT NULL,
  customer_id text NOT NULL,
  workspace text NOT NULL,
  decision_id text NOT NULL,
  decided_at bigint,
  enrollment_id text NOT NULL,
  action text NOT NULL,
  class text NOT NULL,
  purpose text DEFAULT 'marketing'::text NOT NULL,
  topic text,
  channel text NOT NULL,
  key text,
  subject text,
  account_id text,
  person_key text,
  claimed_at timestamp with time zone,
  bundle_version integer NOT NULL,
  state text NOT NULL,
  at bigint NOT NULL,
  not_after bigint NOT NULL,
  entry jsonb NOT NULL,
  verdict jsonb,
  fence integer DEFAULT 0 NOT NULL,
  lease_until timestamp with time zone,
  attempts integer DEFAULT 0 NOT NULL,
  locale text,
  requested_locale text,
  variant text,
  cost bigint DEFAULT 0 NOT NULL,
  coupon_id text,
  send_reason text DEFAULT 'now'::text NOT NULL,
  provider_id text,
  repeats text,
  address_key text,
  receipts jsonb,
  error text,
  pending_message json,
  repeat_until timestamp with time zone,
  trace text,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT deliveries_pkey PRIMARY KEY (id),
  CONSTRAINT deliveries_class CHECK ((class = ANY (ARRAY['mandatory'::text, 'transactional'::text, 'service'::text, 'marketing'::text]))),
  CONSTRAINT deliveries_state CHECK ((state = ANY (ARRAY['planned'::text, 'held'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text])))
);
CREATE INDEX deliveries_account ON public.deliveries USING btree (workspace, account_id, claimed_at) WHERE (account_id IS NOT NULL);
CREATE INDEX deliveries_action ON public.deliveries USING btree (workspace, action, at);
CREATE INDEX deliveries_claimed ON public.deliveries USING btree (workspace, claimed_at) WHERE (claimed_at IS NOT NULL);
CREATE INDEX deliveries_customer ON public.deliveries USING btree (customer_id, at);
CREATE INDEX deliveries_decision ON public.deliveries USING btree (decision_id);
CREATE INDEX deliveries_enrollment ON public.deliveries USING btree (enrollment_id);
CREATE INDEX deliveries_person_key ON public.deliveries USING btree (person_key, claimed_at) WHERE (person_key IS NOT NULL);
CREATE INDEX deliveries_planned ON public.deliveries USING btree (updated_at) WHERE (state = 'planned'::text);
CREATE INDEX deliveries_provider ON public.deliveries USING btree (workspace, provider_id) WHERE (provider_id IS NOT NULL);
CREATE UNIQUE INDEX deliveries_repeats ON public.deliveries USING btree (repeats) WHERE (repeats IS NOT NULL);
CREATE INDEX deliveries_sending ON public.deliveries USING btree (lease_until) WHERE (state = 'sending'::text);
CREATE INDEX deliveries_unknown ON public.deliveries USING btree (workspace, updated_at) WHERE (state = 'unknown'::text);
CREATE INDEX deliveries_updated ON public.deliveries USING btree (workspace, updated_at);

CREATE TABLE enrollments (
  id text NOT NULL,
  customer_id text NOT NULL,
  workspace text NOT NULL,
  journey text NOT NULL,
  version integer NOT NULL,
  key text,
  arm text NOT NULL,
  entered_at bigint NOT NULL,
  goal_at bigint,
  ended_at bigint,
  reason text,
  excluded boolean DEFAULT false NOT NULL,
  step text,
  state text,
  since bigint,
  pinned boolean DEFAULT false NOT NULL,
  CONSTRAINT enrollments_pkey PRIMARY KEY (id),
  CONSTRAINT enrollments_arm CHECK ((arm = ANY (ARRAY['treated'::text, 'control'::text]))),
  CONSTRAINT enrollments_state CHECK ((state = ANY (ARRAY['running'::text, 'waiting'::text, 'held'::text, 'delivering'::text, 'tasked'::text, 'poison'::text, 'control'::text])))
);
CREATE INDEX enrollments_customer ON public.enrollments USING btree (customer_id, journey, key);
CREATE INDEX enrollments_journey ON public.enrollments USING btree (workspace, journey, ended_at);
CREATE INDEX enrollments_position ON public.enrollments USING btree (workspace, journey, step, since, id, state, version, pinned) WHERE (ended_at IS NULL);

CREATE TABLE erasures (
  customer_id text NOT NULL,
  workspace text NOT NULL,
  actor text NOT NULL,
  identities text[] NOT NULL,
  accounts text[] NOT NULL,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  clean integer DEFAULT 0 NOT NULL,
  next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  done_at timestamp with time zone,
  CONSTRAINT erasures_pkey PRIMARY KEY (customer_id)
);
CREATE INDEX erasures_open ON public.erasures USING btree (next_at) WHERE (done_at IS NULL);

CREATE TABLE event_names (
  workspace text NOT NULL,
  name text NOT NULL,
  customer_id text,
  CONSTRAINT event_names_workspace_name_pk PRIMARY KEY (workspace, name)
);
CREATE INDEX event_names_customer ON public.event_names USING btree (customer_id) WHERE (customer_id IS NOT NULL);

CREATE TABLE events (
  customer_id text NOT NULL,
  seq bigint NOT NULL,
  workspace text NOT NULL,
  id text NOT NULL,
  message_id text NOT NULL,
  type text NOT NULL,
  name text NOT NULL,
  at timestamp with time zone NOT NULL,
  accepted_at timestamp with time zone NOT NULL,
  historical boolean NOT NULL,
  source text NOT NULL,
  body jsonb NOT NULL,
  origin text,
  notes jsonb,
  repeats text,
  kept smallint DEFAULT 0 NOT NULL,
  CONSTRAINT events_customer_id_seq_accepted_at_kept_pk PRIMARY KEY (customer_id, seq, accepted_at, kept),
  CONSTRAINT events_type CHECK ((type = ANY (ARRAY['track'::text, 'identify'::text, 'page'::text, 'screen'::text, 'group'::text, 'alias'::text])))
) PARTITION BY RANGE (kept, accepted_at);
CREATE INDEX events_accepted ON ONLY public.events USING btree (workspace, accepted_at);
CREATE INDEX events_echo ON ONLY public.events USING btree (((body #>> '{context,account,from}'::text[]))) WHERE (source = 'account'::text);
CREATE INDEX events_kpi ON ONLY public.events USING btree (customer_id, name) WHERE (name = ANY (ARRAY['Order Completed'::text, 'Order Updated'::text, 'Order Refunded'::text, 'Order Cancelled'::text, 'Delivery Complained'::text, 'Product Reviewed'::text, 'Product Shared'::text, 'Friend Referred'::text, 'Survey Answered'::text]));
CREATE INDEX events_order ON ONLY public.events USING btree (workspace, "left"((body #>> '{properties,order_id}'::text[]), 200)) WHERE (name = ANY (ARRAY['Order Completed'::text, 'Payment Failed'::text]));
CREATE INDEX events_origin ON ONLY public.events USING btree (origin) WHERE (origin IS NOT NULL);

CREATE TABLE fanouts (
  id text NOT NULL,
  workspace text NOT NULL,
  account_id text NOT NULL,
  customer_id text NOT NULL,
  event jsonb NOT NULL,
  cursor text DEFAULT ''::text NOT NULL,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT fanouts_pkey PRIMARY KEY (id)
);
CREATE INDEX fanouts_at ON public.fanouts USING btree (at);

CREATE TABLE idempotency (
  workspace text NOT NULL,
  key text NOT NULL,
  request text NOT NULL,
  effect jsonb,
  status integer,
  body jsonb,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT idempotency_workspace_key_pk PRIMARY KEY (workspace, key)
);

CREATE TABLE identities (
  workspace text NOT NULL,
  type text NOT NULL,
  value text COLLATE "C" NOT NULL,
  customer_id text NOT NULL,
  origin text,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT identities_workspace_type_value_pk PRIMARY KEY (workspace, type, value),
  CONSTRAINT identities_type CHECK ((type = ANY (ARRAY['user'::text, 'anon'::text, 'email'::text, 'phone'::text, 'external'::text])))
);
CREATE INDEX identities_customer ON public.identities USING btree (customer_id, type, value);

CREATE TABLE inbox_items (
  delivery_id text NOT NULL,
  workspace text NOT NULL,
  customer_id text NOT NULL,
  origin text,
  title text NOT NULL,
  body text NOT NULL,
  url text,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  seen_at timestamp with time zone,
  read_at timestamp with time zone,
  dismissed_at timestamp with time zone,
  CONSTRAINT inbox_items_pkey PRIMARY KEY (delivery_id)
);
CREATE INDEX inbox_items_customer ON public.inbox_items USING btree (customer_id, created_at, delivery_id);
CREATE INDEX inbox_items_expired ON public.inbox_items USING btree (expires_at);

CREATE TABLE journeys (
  customer_id text NOT NULL,
  workspace text NOT NULL,
  epoch integer NOT NULL,
  ordinal integer DEFAULT 0 NOT NULL,
  processed_seq bigint DEFAULT 0 NOT NULL,
  state jsonb,
  state_version integer DEFAULT 1 NOT NULL,
  bundle_version integer DEFAULT 0 NOT NULL,
  last_now bigint DEFAULT 0 NOT NULL,
  wake_at bigint,
  last_answer jsonb,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT journeys_pkey PRIMARY KEY (customer_id)
) WITH (fillfactor=70);
CREATE INDEX journeys_bundle ON public.journeys USING btree (workspace, bundle_version);
CREATE INDEX journeys_poison ON public.journeys USING btree (workspace) WHERE (state ? 'poison'::text);
CREATE INDEX journeys_segments ON public.journeys USING gin (jsonb_path_query_array(state, '$."segments".keyvalue()?(@."value"."inside" == true)."key"'::jsonpath)) WHERE jsonb_path_exists(state, '$."segments".*?(@."inside" == true)'::jsonpath);
CREATE INDEX journeys_stage ON public.journeys USING btree (workspace, ((state #>> '{stage,id}'::text[])));
CREATE INDEX journeys_wake ON public.journeys USING btree (wake_at);

CREATE TABLE keys (
  id text NOT NULL,
  workspace text NOT NULL,
  kind text NOT NULL,
  hash text NOT NULL,
  prefix text NOT NULL,
  scopes text[] NOT NULL,
  label text NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  CONSTRAINT keys_pkey PRIMARY KEY (id),
  CONSTRAINT keys_kind CHECK ((kind = ANY (ARRAY['write'::text, 'browser'::text, 'api'::text])))
);
CREATE UNIQUE INDEX keys_hash ON public.keys USING btree (hash);

CREATE TABLE known_facts (
  customer_id text NOT NULL,
  key text NOT NULL,
  content text NOT NULL,
  at bigint NOT NULL,
  event_id text NOT NULL,
  CONSTRAINT known_facts_customer_id_key_pk PRIMARY KEY (customer_id, key)
);

CREATE TABLE login_attempts (
  key text NOT NULL,
  remaining double precision NOT NULL,
  at timestamp with time zone NOT NULL,
  succeeded_at timestamp with time zone,
  CONSTRAINT login_attempts_pkey PRIMARY KEY (key)
);

CREATE TABLE merges (
  id text NOT NULL,
  workspace text NOT NULL,
  winner text NOT NULL,
  loser text NOT NULL,
  reason text NOT NULL,
  actor text NOT NULL,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  workflow_ended_at timestamp with time zone,
  unmerged_at timestamp with time zone,
  unmerged_from text,
  unmerged_into text,
  CONSTRAINT merges_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX merges_loser ON public.merges USING btree (loser);
CREATE INDEX merges_open_workflow ON public.merges USING btree (at) WHERE (workflow_ended_at IS NULL);
CREATE INDEX merges_parted ON public.merges USING btree (unmerged_from) WHERE (unmerged_from IS NOT NULL);
CREATE INDEX merges_unmerged ON public.merges USING btree (unmerged_into) WHERE (unmerged_into IS NOT NULL);
CREATE INDEX merges_winner ON public.merges USING btree (winner);

CREATE TABLE merges_due (
  workspace text NOT NULL,
  first_id text NOT NULL,
  second_id text NOT NULL,
  reason text NOT NULL,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT merges_due_workspace_first_id_second_id_pk PRIMARY KEY (workspace, first_id, second_id)
);
CREATE INDEX merges_due_at ON public.merges_due USING btree (at);

CREATE TABLE message_ids (
  workspace text NOT NULL,
  message_id text NOT NULL,
  customer_id text NOT NULL,
  accepted_at timestamp with time zone NOT NULL,
  content bigint,
  CONSTRAINT message_ids_workspace_message_id_pk PRIMARY KEY (workspace, message_id)
);
CREATE INDEX message_ids_accepted ON public.message_ids USING brin (accepted_at);

CREATE TABLE model_deltas (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  workspace text NOT NULL,
  reward_id text NOT NULL,
  feature_schema text NOT NULL,
  delta jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT model_deltas_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX model_deltas_reward ON public.model_deltas USING btree (reward_id);
CREATE INDEX model_deltas_workspace ON public.model_deltas USING btree (workspace, id);

CREATE TABLE model_snapshots (
  workspace text NOT NULL,
  version integer NOT NULL,
  feature_schema text NOT NULL,
  hash text NOT NULL,
  folded_to bigint NOT NULL,
  body jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT model_snapshots_workspace_version_pk PRIMARY KEY (workspace, version)
);

CREATE TABLE note_counts (
  workspace text NOT NULL,
  code text NOT NULL,
  field text NOT NULL,
  source text NOT NULL,
  slot integer NOT NULL,
  count bigint NOT NULL,
  event text NOT NULL,
  example text,
  customer_id text,
  first_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  last_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT note_counts_workspace_code_field_source_slot_pk PRIMARY KEY (workspace, code, field, source, slot)
);
CREATE INDEX note_counts_customer ON public.note_counts USING btree (customer_id) WHERE (customer_id IS NOT NULL);

CREATE TABLE outbox (
  workspace text NOT NULL,
  message_id text NOT NULL,
  customer_id text NOT NULL,
  event jsonb NOT NULL,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT outbox_workspace_message_id_pk PRIMARY KEY (workspace, message_id)
);
CREATE INDEX outbox_at ON public.outbox USING btree (at);

CREATE TABLE paused_actions (
  id text NOT NULL,
  workspace text NOT NULL,
  action text NOT NULL,
  since bigint NOT NULL,
  cause jsonb NOT NULL,
  lifted_at timestamp with time zone,
  lifted_by text,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT paused_actions_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX paused_actions_open ON public.paused_actions USING btree (workspace, action) WHERE (lifted_at IS NULL);

CREATE TABLE reconciliations (
  kind text NOT NULL,
  cursor text DEFAULT ''::text NOT NULL,
  lease_until timestamp with time zone,
  passes bigint DEFAULT 0 NOT NULL,
  pass_ended_at timestamp with time zone,
  compared bigint DEFAULT 0 NOT NULL,
  repaired jsonb DEFAULT '{}'::jsonb NOT NULL,
  repaired_at timestamp with time zone,
  CONSTRAINT reconciliations_pkey PRIMARY KEY (kind),
  CONSTRAINT reconciliations_kind CHECK ((kind = ANY (ARRAY['journeys'::text, 'workflows'::text, 'schedules'::text, 'sweeps'::text, 'signals'::text])))
);

CREATE TABLE rejected (
  id text NOT NULL,
  workspace text NOT NULL,
  message_id text,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  source text NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  body text NOT NULL,
  content text NOT NULL,
  identities text[] NOT NULL,
  received jsonb,
  CONSTRAINT rejected_pkey PRIMARY KEY (id)
);
CREATE INDEX rejected_at ON public.rejected USING btree (at);
CREATE INDEX rejected_code ON public.rejected USING btree (workspace, code, at, id);
CREATE INDEX rejected_code_source ON public.rejected USING btree (workspace, code, source, at, id);
CREATE UNIQUE INDEX rejected_content ON public.rejected USING btree (workspace, content);
CREATE INDEX rejected_identities ON public.rejected USING gin (identities);
CREATE INDEX rejected_message ON public.rejected USING btree (workspace, message_id);
CREATE INDEX rejected_retryable ON public.rejected USING btree (workspace, id) WHERE (received IS NOT NULL);
CREATE INDEX rejected_source ON public.rejected USING btree (workspace, source, at, id);
CREATE INDEX rejected_workspace ON public.rejected USING btree (workspace, at, id);

CREATE TABLE report_cells (
  workspace text NOT NULL,
  generation integer NOT NULL,
  report text NOT NULL,
  period text NOT NULL,
  key text NOT NULL,
  sums numeric[] NOT NULL,
  CONSTRAINT report_cells_workspace_generation_report_period_key_pk PRIMARY KEY (workspace, generation, report, period, key)
);

CREATE TABLE report_changes (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  workspace text NOT NULL,
  customer_id text NOT NULL,
  generation integer,
  minus jsonb,
  CONSTRAINT report_changes_pkey PRIMARY KEY (id)
);
CREATE INDEX report_changes_workspace ON public.report_changes USING btree (workspace, id);

CREATE TABLE report_counts (
  workspace text NOT NULL,
  generation integer NOT NULL,
  published integer DEFAULT 0 NOT NULL,
  cursor text,
  settings jsonb NOT NULL,
  published_settings jsonb,
  day integer NOT NULL,
  counted_at timestamp with time zone,
  CONSTRAINT report_counts_pkey PRIMARY KEY (workspace)
);

CREATE TABLE report_customers (
  customer_id text NOT NULL,
  workspace text NOT NULL,
  generation integer NOT NULL,
  due_day integer,
  facts jsonb NOT NULL,
  counted jsonb NOT NULL,
  CONSTRAINT report_customers_pkey PRIMARY KEY (customer_id)
);
CREATE INDEX report_customers_due ON public.report_customers USING btree (workspace, due_day) WHERE (due_day IS NOT NULL);

CREATE TABLE retention (
  name text NOT NULL,
  kept_since timestamp with time zone,
  partition text,
  cursor text[],
  seen bigint DEFAULT 0 NOT NULL,
  moved bigint DEFAULT 0 NOT NULL,
  checked_at timestamp with time zone,
  CONSTRAINT retention_pkey PRIMARY KEY (name)
);

CREATE TABLE rewards (
  id text NOT NULL,
  workspace text NOT NULL,
  customer_id text NOT NULL,
  decision_id text NOT NULL,
  arm text NOT NULL,
  action text NOT NULL,
  channel text,
  enrollment_id text NOT NULL,
  key text,
  bundle_version integer NOT NULL,
  feature_schema text NOT NULL,
  features jsonb NOT NULL,
  propensity double precision NOT NULL,
  explored boolean DEFAULT false NOT NULL,
  expected double precision,
  at bigint NOT NULL,
  within bigint NOT NULL,
  due_at bigint NOT NULL,
  state text DEFAULT 'open'::text NOT NULL,
  reward double precision,
  closed_at timestamp with time zone,
  CONSTRAINT rewards_pkey PRIMARY KEY (id),
  CONSTRAINT rewards_state CHECK ((state = ANY (ARRAY['open'::text, 'counted'::text, 'not_sent'::text, 'unknown_decision'::text, 'other_currency'::text, 'other_reward'::text, 'not_finite'::text, 'out_of_range'::text, 'other_shape'::text, 'other_size'::text, 'other_hash'::text, 'unknown_arm'::text, 'from_future'::text, 'twice'::text, 'not_positive'::text])))
);
CREATE INDEX rewards_customer ON public.rewards USING btree (customer_id);
CREATE INDEX rewards_decision ON public.rewards USING btree (decision_id);
CREATE INDEX rewards_due ON public.rewards USING btree (workspace, due_at) WHERE (state = 'open'::text);

CREATE TABLE score_fits (
  workspace text NOT NULL,
  version integer NOT NULL,
  at bigint NOT NULL,
  body jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT score_fits_workspace_version_pk PRIMARY KEY (workspace, version)
);

CREATE TABLE sent_messages (
  delivery_id text NOT NULL,
  workspace text NOT NULL,
  written_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  content bytea NOT NULL,
  kept smallint DEFAULT 0 NOT NULL,
  CONSTRAINT sent_messages_delivery_id_written_at_kept_pk PRIMARY KEY (delivery_id, written_at, kept)
) PARTITION BY RANGE (kept, written_at);

CREATE TABLE sessions (
  hash text NOT NULL,
  user_id text NOT NULL,
  workspace text NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  last_used_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT sessions_pkey PRIMARY KEY (hash)
);
CREATE INDEX sessions_user ON public.sessions USING btree (user_id);

CREATE TABLE shared_devices (
  workspace text NOT NULL,
  device bigint NOT NULL,
  user_id bigint NOT NULL,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT shared_devices_workspace_device_user_id_pk PRIMARY KEY (workspace, device, user_id)
);
CREATE INDEX shared_devices_at ON public.shared_devices USING btree (at);

CREATE TABLE shared_subjects (
  id text NOT NULL,
  CONSTRAINT shared_subjects_pkey PRIMARY KEY (id)
);

CREATE TABLE source_activity (
  workspace text NOT NULL,
  source text NOT NULL,
  outcome text NOT NULL,
  at timestamp with time zone NOT NULL,
  reason text,
  CONSTRAINT source_activity_workspace_source_outcome_pk PRIMARY KEY (workspace, source, outcome),
  CONSTRAINT source_activity_outcome CHECK ((outcome = ANY (ARRAY['accepted'::text, 'repeated'::text, 'ignored'::text, 'unreadable'::text, 'refused'::text, 'limited'::text])))
);

CREATE TABLE suppressed_addresses (
  workspace text NOT NULL,
  channel text NOT NULL,
  address_key text NOT NULL,
  reason text NOT NULL,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT suppressed_addresses_workspace_address_key_pk PRIMARY KEY (workspace, address_key)
);

CREATE TABLE sweeps (
  id text NOT NULL,
  workspace text NOT NULL,
  kind text NOT NULL,
  journey text,
  entry integer,
  occurrence text NOT NULL,
  version integer NOT NULL,
  cursor text DEFAULT ''::text NOT NULL,
  seen bigint DEFAULT 0 NOT NULL,
  found bigint DEFAULT 0 NOT NULL,
  started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  done_at timestamp with time zone,
  CONSTRAINT sweeps_pkey PRIMARY KEY (id),
  CONSTRAINT sweeps_kind CHECK ((kind = ANY (ARRAY['activation'::text, 'schedule'::text, 'hourly'::text, 'fit'::text])))
);
CREATE INDEX sweeps_open ON public.sweeps USING btree (workspace, started_at, id) WHERE (done_at IS NULL);
CREATE INDEX sweeps_started ON public.sweeps USING btree (workspace, started_at, id);
CREATE INDEX sweeps_workspace ON public.sweeps USING btree (workspace, kind, version);

CREATE TABLE tickets (
  customer_id text NOT NULL,
  id text NOT NULL,
  workspace text NOT NULL,
  source text NOT NULL,
  status text NOT NULL,
  raw_status text NOT NULL,
  severity text NOT NULL,
  subject text NOT NULL,
  version bigint NOT NULL,
  seq bigint NOT NULL,
  opened_at bigint NOT NULL,
  closed_at bigint,
  quiet_until bigint,
  product text,
  stated jsonb,
  account_id text,
  person_key text,
  CONSTRAINT tickets_customer_id_source_id_pk PRIMARY KEY (customer_id, source, id),
  CONSTRAINT tickets_status CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text])))
);
CREATE INDEX tickets_account ON public.tickets USING btree (workspace, account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX tickets_cooling ON public.tickets USING btree (workspace, quiet_until) WHERE (status = 'closed'::text);
CREATE INDEX tickets_number ON public.tickets USING btree (workspace, id);
CREATE INDEX tickets_open ON public.tickets USING btree (workspace, customer_id) WHERE (status = 'open'::text);
CREATE INDEX tickets_person_key ON public.tickets USING btree (person_key) WHERE (person_key IS NOT NULL);

CREATE TABLE user_roles (
  user_id text NOT NULL,
  workspace text NOT NULL,
  role text NOT NULL,
  CONSTRAINT user_roles_user_id_workspace_pk PRIMARY KEY (user_id, workspace),
  CONSTRAINT user_roles_role CHECK ((role = ANY (ARRAY['viewer'::text, 'support'::text, 'agent'::text, 'marketer'::text, 'operator'::text])))
);

CREATE TABLE users (
  id text NOT NULL,
  login text NOT NULL,
  name text NOT NULL,
  password_hash text,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  disabled_at timestamp with time zone,
  CONSTRAINT users_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX users_login ON public.users USING btree (login);

CREATE TABLE wakes (
  customer_id text NOT NULL,
  workspace text NOT NULL,
  requested_seq bigint NOT NULL,
  processed_seq bigint DEFAULT 0 NOT NULL,
  quiet_seq bigint DEFAULT 0 NOT NULL,
  lease_until timestamp with time zone,
  tries integer DEFAULT 0 NOT NULL,
  checks_requested integer DEFAULT 0 NOT NULL,
  checks_done integer DEFAULT 0 NOT NULL,
  overdue_until timestamp with time zone,
  parked_until timestamp with time zone,
  CONSTRAINT wakes_pkey PRIMARY KEY (customer_id)
) WITH (fillfactor=70);
CREATE INDEX wakes_checks ON public.wakes USING btree (lease_until NULLS FIRST) WHERE (checks_requested > checks_done);
CREATE INDEX wakes_pending ON public.wakes USING btree (lease_until NULLS FIRST) WHERE (requested_seq > processed_seq);

CREATE TABLE workspaces (
  id text NOT NULL,
  config_version integer DEFAULT 0 NOT NULL,
  epoch integer DEFAULT 1 NOT NULL,
  group_id text,
  group_workspaces text[] DEFAULT '{}'::text[] NOT NULL,
  shares_silence boolean DEFAULT false NOT NULL,
  synced_version integer DEFAULT 0 NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT workspaces_pkey PRIMARY KEY (id)
);
