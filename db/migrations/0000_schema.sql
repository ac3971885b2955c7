CREATE TABLE "cms_copies" (
	"workspace" text NOT NULL,
	"file" text NOT NULL,
	"origin" text NOT NULL,
	"source" text NOT NULL,
	"entry" text NOT NULL,
	"text" text,
	"version" text,
	"etag" text,
	"fetched_at" timestamp with time zone,
	"checked_at" timestamp with time zone,
	"error" text,
	"failed_at" timestamp with time zone,
	"refused" text,
	"next_at" timestamp with time zone NOT NULL,
	CONSTRAINT "cms_copies_workspace_file_origin_pk" PRIMARY KEY("workspace","file","origin")
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"workspace" text NOT NULL,
	"id" text NOT NULL,
	"traits" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "accounts_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"customer_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"purpose" text NOT NULL,
	"channel" text NOT NULL,
	"topic" text NOT NULL,
	"status" text NOT NULL,
	"source" text NOT NULL,
	"at" bigint NOT NULL,
	"speaker" text,
	CONSTRAINT "consents_customer_id_seq_purpose_channel_topic_at_pk" PRIMARY KEY("customer_id","seq","purpose","channel","topic","at"),
	CONSTRAINT "consents_status" CHECK ("consents"."status" in ('granted', 'withdrawn'))
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL,
	"profile" jsonb NOT NULL,
	"email" text,
	"name_key" text,
	"paused" jsonb,
	"account_id" text,
	"person_key" text,
	"merged_into" text,
	"inherits" jsonb,
	"erased_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identities" (
	"workspace" text NOT NULL,
	"type" text NOT NULL,
	"value" text collate "C" NOT NULL,
	"customer_id" text NOT NULL,
	"origin" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "identities_workspace_type_value_pk" PRIMARY KEY("workspace","type","value"),
	CONSTRAINT "identities_type" CHECK ("identities"."type" in ('user', 'anon', 'email', 'phone', 'external'))
);
--> statement-breakpoint
CREATE TABLE "shared_subjects" (
	"id" text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "suppressed_addresses" (
	"workspace" text NOT NULL,
	"channel" text NOT NULL,
	"address_key" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "suppressed_addresses_workspace_address_key_pk" PRIMARY KEY("workspace","address_key")
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"customer_id" text NOT NULL,
	"id" text NOT NULL,
	"workspace" text NOT NULL,
	"source" text NOT NULL,
	"status" text NOT NULL,
	"raw_status" text NOT NULL,
	"severity" text NOT NULL,
	"subject" text NOT NULL,
	"version" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"opened_at" bigint NOT NULL,
	"closed_at" bigint,
	"quiet_until" bigint,
	"product" text,
	"stated" jsonb,
	"account_id" text,
	"person_key" text,
	CONSTRAINT "tickets_customer_id_source_id_pk" PRIMARY KEY("customer_id","source","id"),
	CONSTRAINT "tickets_status" CHECK ("tickets"."status" in ('open', 'closed'))
);
--> statement-breakpoint
CREATE TABLE "coupons" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"code" text NOT NULL,
	"customer_id" text NOT NULL,
	"action" text NOT NULL,
	"once" text NOT NULL,
	"decision_id" text NOT NULL,
	"enrollment_id" text NOT NULL,
	"percent" double precision NOT NULL,
	"state" text DEFAULT 'issued' NOT NULL,
	"issued_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"redeemed_at" timestamp with time zone,
	"order_id" text,
	"discount" bigint,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "coupons_state" CHECK ("coupons"."state" in ('issued', 'redeemed', 'expired', 'revoked'))
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"id" text NOT NULL,
	"customer_id" text NOT NULL,
	"workspace" text NOT NULL,
	"epoch" integer NOT NULL,
	"ordinal" integer,
	"kind" text DEFAULT 'journey' NOT NULL,
	"placement" text,
	"expires_at" timestamp with time zone,
	"at" bigint NOT NULL,
	"committed_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"from_seq" bigint NOT NULL,
	"to_seq" bigint NOT NULL,
	"bundle_version" integer NOT NULL,
	"outcome" text NOT NULL,
	"chosen" jsonb,
	"changed" boolean NOT NULL,
	"moves" jsonb,
	"policies" jsonb,
	"replayable" boolean NOT NULL,
	"record" "bytea" NOT NULL,
	"kept" smallint DEFAULT 0 NOT NULL,
	CONSTRAINT "decisions_id_committed_at_kept_pk" PRIMARY KEY("id","committed_at","kept"),
	CONSTRAINT "decisions_outcome" CHECK ("decisions"."outcome" in ('acted', 'held', 'nothing', 'moved', 'offered', 'fallback')),
	CONSTRAINT "decisions_kind" CHECK ("decisions"."kind" in ('journey', 'realtime'))
) PARTITION BY RANGE ("kept", "committed_at");
--> statement-breakpoint
CREATE TABLE "paused_actions" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"action" text NOT NULL,
	"since" bigint NOT NULL,
	"cause" jsonb NOT NULL,
	"lifted_at" timestamp with time zone,
	"lifted_by" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agent_tasks" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"workspace" text NOT NULL,
	"decision_id" text NOT NULL,
	"enrollment_id" text NOT NULL,
	"action" text NOT NULL,
	"class" text NOT NULL,
	"topic" text,
	"key" text,
	"subject" text,
	"bundle_version" integer NOT NULL,
	"state" text NOT NULL,
	"queue" text NOT NULL,
	"level" integer DEFAULT 0 NOT NULL,
	"cost" bigint DEFAULT 0 NOT NULL,
	"at" bigint NOT NULL,
	"acknowledge_by" bigint NOT NULL,
	"resolve_by" bigint NOT NULL,
	"snoozed_until" bigint,
	"assignee" text,
	"outcome" text,
	"end_reason" text,
	"definition" jsonb NOT NULL,
	"reasons" jsonb NOT NULL,
	"case" jsonb,
	"trace" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "agent_tasks_state" CHECK ("agent_tasks"."state" in ('planned', 'open', 'acknowledged', 'resolved', 'expired', 'withdrawn')),
	CONSTRAINT "agent_tasks_class" CHECK ("agent_tasks"."class" in ('mandatory', 'transactional', 'service', 'marketing'))
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"workspace" text NOT NULL,
	"decision_id" text NOT NULL,
	"decided_at" bigint,
	"enrollment_id" text NOT NULL,
	"action" text NOT NULL,
	"class" text NOT NULL,
	"purpose" text DEFAULT 'marketing' NOT NULL,
	"topic" text,
	"channel" text NOT NULL,
	"key" text,
	"subject" text,
	"account_id" text,
	"person_key" text,
	"claimed_at" timestamp with time zone,
	"bundle_version" integer NOT NULL,
	"state" text NOT NULL,
	"at" bigint NOT NULL,
	"not_after" bigint NOT NULL,
	"entry" jsonb NOT NULL,
	"verdict" jsonb,
	"fence" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"locale" text,
	"requested_locale" text,
	"variant" text,
	"cost" bigint DEFAULT 0 NOT NULL,
	"coupon_id" text,
	"send_reason" text DEFAULT 'now' NOT NULL,
	"provider_id" text,
	"repeats" text,
	"address_key" text,
	"receipts" jsonb,
	"error" text,
	"pending_message" json,
	"repeat_until" timestamp with time zone,
	"trace" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "deliveries_state" CHECK ("deliveries"."state" in ('planned', 'held', 'sending', 'sent', 'failed', 'unknown', 'cancelled')),
	CONSTRAINT "deliveries_class" CHECK ("deliveries"."class" in ('mandatory', 'transactional', 'service', 'marketing'))
);
--> statement-breakpoint
CREATE TABLE "sent_messages" (
	"delivery_id" text NOT NULL,
	"workspace" text NOT NULL,
	"written_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"content" "bytea" NOT NULL,
	"kept" smallint DEFAULT 0 NOT NULL,
	CONSTRAINT "sent_messages_delivery_id_written_at_kept_pk" PRIMARY KEY("delivery_id","written_at","kept")
) PARTITION BY RANGE ("kept", "written_at");
--> statement-breakpoint
CREATE TABLE "event_names" (
	"workspace" text NOT NULL,
	"name" text NOT NULL,
	"customer_id" text,
	CONSTRAINT "event_names_workspace_name_pk" PRIMARY KEY("workspace","name")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"customer_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"workspace" text NOT NULL,
	"id" text NOT NULL,
	"message_id" text NOT NULL,
	"type" text NOT NULL,
	"name" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone NOT NULL,
	"historical" boolean NOT NULL,
	"source" text NOT NULL,
	"body" jsonb NOT NULL,
	"origin" text,
	"notes" jsonb,
	"repeats" text,
	"kept" smallint DEFAULT 0 NOT NULL,
	CONSTRAINT "events_customer_id_seq_accepted_at_kept_pk" PRIMARY KEY("customer_id","seq","accepted_at","kept"),
	CONSTRAINT "events_type" CHECK ("events"."type" in ('track', 'identify', 'page', 'screen', 'group', 'alias'))
) PARTITION BY RANGE ("kept", "accepted_at");
--> statement-breakpoint
CREATE TABLE "fanouts" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"account_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"event" jsonb NOT NULL,
	"cursor" text DEFAULT '' NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "known_facts" (
	"customer_id" text NOT NULL,
	"key" text NOT NULL,
	"content" text NOT NULL,
	"at" bigint NOT NULL,
	"event_id" text NOT NULL,
	CONSTRAINT "known_facts_customer_id_key_pk" PRIMARY KEY("customer_id","key")
);
--> statement-breakpoint
CREATE TABLE "message_ids" (
	"workspace" text NOT NULL,
	"message_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"accepted_at" timestamp with time zone NOT NULL,
	"content" bigint,
	CONSTRAINT "message_ids_workspace_message_id_pk" PRIMARY KEY("workspace","message_id")
);
--> statement-breakpoint
CREATE TABLE "note_counts" (
	"workspace" text NOT NULL,
	"code" text NOT NULL,
	"field" text NOT NULL,
	"source" text NOT NULL,
	"slot" integer NOT NULL,
	"count" bigint NOT NULL,
	"event" text NOT NULL,
	"example" text,
	"customer_id" text,
	"first_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"last_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "note_counts_workspace_code_field_source_slot_pk" PRIMARY KEY("workspace","code","field","source","slot")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"workspace" text NOT NULL,
	"message_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"event" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "outbox_workspace_message_id_pk" PRIMARY KEY("workspace","message_id")
);
--> statement-breakpoint
CREATE TABLE "rejected" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"message_id" text,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"source" text NOT NULL,
	"code" text NOT NULL,
	"reason" text NOT NULL,
	"body" text NOT NULL,
	"content" text NOT NULL,
	"identities" text[] NOT NULL,
	"received" jsonb
);
--> statement-breakpoint
CREATE TABLE "erasures" (
	"customer_id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"actor" text NOT NULL,
	"identities" text[] NOT NULL,
	"accounts" text[] NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"clean" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "merges" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"winner" text NOT NULL,
	"loser" text NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"workflow_ended_at" timestamp with time zone,
	"unmerged_at" timestamp with time zone,
	"unmerged_from" text,
	"unmerged_into" text
);
--> statement-breakpoint
CREATE TABLE "merges_due" (
	"workspace" text NOT NULL,
	"first_id" text NOT NULL,
	"second_id" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "merges_due_workspace_first_id_second_id_pk" PRIMARY KEY("workspace","first_id","second_id")
);
--> statement-breakpoint
CREATE TABLE "shared_devices" (
	"workspace" text NOT NULL,
	"device" bigint NOT NULL,
	"user_id" bigint NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "shared_devices_workspace_device_user_id_pk" PRIMARY KEY("workspace","device","user_id")
);
--> statement-breakpoint
CREATE TABLE "inbox_items" (
	"delivery_id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"customer_id" text NOT NULL,
	"origin" text,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"url" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone,
	"read_at" timestamp with time zone,
	"dismissed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "enrollments" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"workspace" text NOT NULL,
	"journey" text NOT NULL,
	"version" integer NOT NULL,
	"key" text,
	"arm" text NOT NULL,
	"entered_at" bigint NOT NULL,
	"goal_at" bigint,
	"ended_at" bigint,
	"reason" text,
	"excluded" boolean DEFAULT false NOT NULL,
	"step" text,
	"state" text,
	"since" bigint,
	"pinned" boolean DEFAULT false NOT NULL,
	CONSTRAINT "enrollments_arm" CHECK ("enrollments"."arm" in ('treated', 'control')),
	CONSTRAINT "enrollments_state" CHECK ("enrollments"."state" in ('running', 'waiting', 'held', 'delivering', 'tasked', 'poison', 'control'))
);
--> statement-breakpoint
CREATE TABLE "journeys" (
	"customer_id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"epoch" integer NOT NULL,
	"ordinal" integer DEFAULT 0 NOT NULL,
	"processed_seq" bigint DEFAULT 0 NOT NULL,
	"state" jsonb,
	"state_version" integer DEFAULT 1 NOT NULL,
	"bundle_version" integer DEFAULT 0 NOT NULL,
	"last_now" bigint DEFAULT 0 NOT NULL,
	"wake_at" bigint,
	"last_answer" jsonb,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reconciliations" (
	"kind" text PRIMARY KEY NOT NULL,
	"cursor" text DEFAULT '' NOT NULL,
	"lease_until" timestamp with time zone,
	"passes" bigint DEFAULT 0 NOT NULL,
	"pass_ended_at" timestamp with time zone,
	"compared" bigint DEFAULT 0 NOT NULL,
	"repaired" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"repaired_at" timestamp with time zone,
	CONSTRAINT "reconciliations_kind" CHECK ("reconciliations"."kind" in ('journeys', 'workflows', 'schedules', 'sweeps', 'signals'))
);
--> statement-breakpoint
CREATE TABLE "sweeps" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"kind" text NOT NULL,
	"journey" text,
	"entry" integer,
	"occurrence" text NOT NULL,
	"version" integer NOT NULL,
	"cursor" text DEFAULT '' NOT NULL,
	"seen" bigint DEFAULT 0 NOT NULL,
	"found" bigint DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"done_at" timestamp with time zone,
	CONSTRAINT "sweeps_kind" CHECK ("sweeps"."kind" in ('activation', 'schedule', 'hourly', 'fit'))
);
--> statement-breakpoint
CREATE TABLE "wakes" (
	"customer_id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"requested_seq" bigint NOT NULL,
	"processed_seq" bigint DEFAULT 0 NOT NULL,
	"quiet_seq" bigint DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"tries" integer DEFAULT 0 NOT NULL,
	"checks_requested" integer DEFAULT 0 NOT NULL,
	"checks_done" integer DEFAULT 0 NOT NULL,
	"overdue_until" timestamp with time zone,
	"parked_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "model_deltas" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "model_deltas_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace" text NOT NULL,
	"reward_id" text NOT NULL,
	"feature_schema" text NOT NULL,
	"delta" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "model_snapshots" (
	"workspace" text NOT NULL,
	"version" integer NOT NULL,
	"feature_schema" text NOT NULL,
	"hash" text NOT NULL,
	"folded_to" bigint NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "model_snapshots_workspace_version_pk" PRIMARY KEY("workspace","version")
);
--> statement-breakpoint
CREATE TABLE "rewards" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"customer_id" text NOT NULL,
	"decision_id" text NOT NULL,
	"arm" text NOT NULL,
	"action" text NOT NULL,
	"channel" text,
	"enrollment_id" text NOT NULL,
	"key" text,
	"bundle_version" integer NOT NULL,
	"feature_schema" text NOT NULL,
	"features" jsonb NOT NULL,
	"propensity" double precision NOT NULL,
	"explored" boolean DEFAULT false NOT NULL,
	"expected" double precision,
	"at" bigint NOT NULL,
	"within" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"reward" double precision,
	"closed_at" timestamp with time zone,
	CONSTRAINT "rewards_state" CHECK ("rewards"."state" in ('open', 'counted', 'not_sent', 'unknown_decision', 'other_currency', 'other_reward', 'not_finite', 'out_of_range', 'other_shape', 'other_size', 'other_hash', 'unknown_arm', 'from_future', 'twice', 'not_positive'))
);
--> statement-breakpoint
CREATE TABLE "score_fits" (
	"workspace" text NOT NULL,
	"version" integer NOT NULL,
	"at" bigint NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "score_fits_workspace_version_pk" PRIMARY KEY("workspace","version")
);
--> statement-breakpoint
CREATE TABLE "report_cells" (
	"workspace" text NOT NULL,
	"generation" integer NOT NULL,
	"report" text NOT NULL,
	"period" text NOT NULL,
	"key" text NOT NULL,
	"sums" numeric[] NOT NULL,
	CONSTRAINT "report_cells_workspace_generation_report_period_key_pk" PRIMARY KEY("workspace","generation","report","period","key")
);
--> statement-breakpoint
CREATE TABLE "report_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "report_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace" text NOT NULL,
	"customer_id" text NOT NULL,
	"generation" integer,
	"minus" jsonb
);
--> statement-breakpoint
CREATE TABLE "report_counts" (
	"workspace" text PRIMARY KEY NOT NULL,
	"generation" integer NOT NULL,
	"published" integer DEFAULT 0 NOT NULL,
	"cursor" text,
	"settings" jsonb NOT NULL,
	"published_settings" jsonb,
	"day" integer NOT NULL,
	"counted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "report_customers" (
	"customer_id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"generation" integer NOT NULL,
	"due_day" integer,
	"facts" jsonb NOT NULL,
	"counted" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "retention" (
	"name" text PRIMARY KEY NOT NULL,
	"kept_since" timestamp with time zone,
	"partition" text,
	"cursor" text[],
	"seen" bigint DEFAULT 0 NOT NULL,
	"moved" bigint DEFAULT 0 NOT NULL,
	"checked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "source_activity" (
	"workspace" text NOT NULL,
	"source" text NOT NULL,
	"outcome" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"reason" text,
	CONSTRAINT "source_activity_workspace_source_outcome_pk" PRIMARY KEY("workspace","source","outcome"),
	CONSTRAINT "source_activity_outcome" CHECK ("source_activity"."outcome" in ('accepted', 'repeated', 'ignored', 'unreadable', 'refused', 'limited'))
);
--> statement-breakpoint
CREATE TABLE "login_attempts" (
	"key" text PRIMARY KEY NOT NULL,
	"remaining" double precision NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"succeeded_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"workspace" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"last_used_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_roles" (
	"user_id" text NOT NULL,
	"workspace" text NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "user_roles_user_id_workspace_pk" PRIMARY KEY("user_id","workspace"),
	CONSTRAINT "user_roles_role" CHECK ("user_roles"."role" in ('viewer', 'support', 'agent', 'marketer', 'operator'))
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"login" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"disabled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "bundles" (
	"workspace" text NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"files" jsonb NOT NULL,
	"compiled" jsonb NOT NULL,
	"activated_at" timestamp with time zone NOT NULL,
	"applied_by" text,
	CONSTRAINT "bundles_workspace_version_pk" PRIMARY KEY("workspace","version")
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"workspace" text NOT NULL,
	"key" text NOT NULL,
	"request" text NOT NULL,
	"effect" jsonb,
	"status" integer,
	"body" jsonb,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "idempotency_workspace_key_pk" PRIMARY KEY("workspace","key")
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"kind" text NOT NULL,
	"hash" text NOT NULL,
	"prefix" text NOT NULL,
	"scopes" text[] NOT NULL,
	"label" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "keys_kind" CHECK ("keys"."kind" in ('write', 'browser', 'api'))
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" text PRIMARY KEY NOT NULL,
	"config_version" integer DEFAULT 0 NOT NULL,
	"epoch" integer DEFAULT 1 NOT NULL,
	"group_id" text,
	"group_workspaces" text[] DEFAULT '{}' NOT NULL,
	"shares_silence" boolean DEFAULT false NOT NULL,
	"synced_version" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "cms_copies_next" ON "cms_copies" USING btree ("next_at");--> statement-breakpoint
CREATE INDEX "accounts_stated_by" ON "accounts" USING gin ((jsonb_path_query_array("traits", '$.*.by')));--> statement-breakpoint
CREATE INDEX "customers_workspace" ON "customers" USING btree ("workspace","created_at","id");--> statement-breakpoint
CREATE INDEX "customers_sweep" ON "customers" USING btree ("workspace","id");--> statement-breakpoint
CREATE INDEX "customers_account" ON "customers" USING btree ("workspace","account_id","id") WHERE "customers"."account_id" is not null;--> statement-breakpoint
CREATE INDEX "customers_person_key" ON "customers" USING btree ("person_key") WHERE "customers"."person_key" is not null;--> statement-breakpoint
CREATE INDEX "customers_email" ON "customers" USING btree ("workspace","email" text_pattern_ops) WHERE "customers"."email" is not null;--> statement-breakpoint
CREATE INDEX "customers_name" ON "customers" USING btree ("workspace","name_key" text_pattern_ops) WHERE "customers"."name_key" is not null;--> statement-breakpoint
CREATE INDEX "customers_surname" ON "customers" USING btree ("workspace",(substring("name_key" from '[^ ]+$')) text_pattern_ops) WHERE "customers"."name_key" is not null;--> statement-breakpoint
CREATE INDEX "customers_merged" ON "customers" USING btree ("merged_into") WHERE "customers"."merged_into" is not null;--> statement-breakpoint
CREATE INDEX "identities_customer" ON "identities" USING btree ("customer_id","type","value");--> statement-breakpoint
CREATE INDEX "tickets_number" ON "tickets" USING btree ("workspace","id");--> statement-breakpoint
CREATE INDEX "tickets_open" ON "tickets" USING btree ("workspace","customer_id") WHERE "tickets"."status" = 'open';--> statement-breakpoint
CREATE INDEX "tickets_cooling" ON "tickets" USING btree ("workspace","quiet_until") WHERE "tickets"."status" = 'closed';--> statement-breakpoint
CREATE INDEX "tickets_account" ON "tickets" USING btree ("workspace","account_id") WHERE "tickets"."account_id" is not null;--> statement-breakpoint
CREATE INDEX "tickets_person_key" ON "tickets" USING btree ("person_key") WHERE "tickets"."person_key" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "coupons_once" ON "coupons" USING btree ("workspace","action","once");--> statement-breakpoint
CREATE UNIQUE INDEX "coupons_code" ON "coupons" USING btree ("workspace","code");--> statement-breakpoint
CREATE INDEX "coupons_customer" ON "coupons" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "coupons_expiring" ON "coupons" USING btree ("workspace","expires_at") WHERE "coupons"."state" = 'issued';--> statement-breakpoint
CREATE INDEX "decisions_customer" ON "decisions" USING btree ("customer_id","epoch","ordinal");--> statement-breakpoint
CREATE INDEX "decisions_realtime" ON "decisions" USING btree ("committed_at") WHERE "decisions"."kind" = 'realtime';--> statement-breakpoint
CREATE INDEX "decisions_at" ON "decisions" USING brin ("at") WITH (pages_per_range=16);--> statement-breakpoint
CREATE INDEX "decisions_replayable" ON "decisions" USING btree ("workspace","at","id") WHERE "decisions"."replayable";--> statement-breakpoint
CREATE INDEX "decisions_policies" ON "decisions" USING btree ("workspace","at") WHERE "decisions"."policies" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "paused_actions_open" ON "paused_actions" USING btree ("workspace","action") WHERE "paused_actions"."lifted_at" is null;--> statement-breakpoint
CREATE INDEX "agent_tasks_customer" ON "agent_tasks" USING btree ("customer_id","at");--> statement-breakpoint
CREATE INDEX "agent_tasks_desk" ON "agent_tasks" USING btree ("workspace","queue","state","acknowledge_by","id");--> statement-breakpoint
CREATE INDEX "agent_tasks_assignee" ON "agent_tasks" USING btree ("workspace","assignee","state","acknowledge_by","id") WHERE "agent_tasks"."assignee" is not null;--> statement-breakpoint
CREATE INDEX "agent_tasks_snoozed" ON "agent_tasks" USING btree ("workspace","snoozed_until") WHERE "agent_tasks"."snoozed_until" is not null and "agent_tasks"."state" in ('open', 'acknowledged');--> statement-breakpoint
CREATE INDEX "agent_tasks_updated" ON "agent_tasks" USING btree ("workspace","updated_at");--> statement-breakpoint
CREATE INDEX "agent_tasks_planned" ON "agent_tasks" USING btree ("updated_at") WHERE "agent_tasks"."state" = 'planned';--> statement-breakpoint
CREATE INDEX "deliveries_customer" ON "deliveries" USING btree ("customer_id","at");--> statement-breakpoint
CREATE INDEX "deliveries_enrollment" ON "deliveries" USING btree ("enrollment_id");--> statement-breakpoint
CREATE INDEX "deliveries_sending" ON "deliveries" USING btree ("lease_until") WHERE "deliveries"."state" = 'sending';--> statement-breakpoint
CREATE INDEX "deliveries_updated" ON "deliveries" USING btree ("workspace","updated_at");--> statement-breakpoint
CREATE INDEX "deliveries_planned" ON "deliveries" USING btree ("updated_at") WHERE "deliveries"."state" = 'planned';--> statement-breakpoint
CREATE INDEX "deliveries_unknown" ON "deliveries" USING btree ("workspace","updated_at") WHERE "deliveries"."state" = 'unknown';--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_repeats" ON "deliveries" USING btree ("repeats") WHERE "deliveries"."repeats" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_decision" ON "deliveries" USING btree ("decision_id");--> statement-breakpoint
CREATE INDEX "deliveries_provider" ON "deliveries" USING btree ("workspace","provider_id") WHERE "deliveries"."provider_id" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_claimed" ON "deliveries" USING btree ("workspace","claimed_at") WHERE "deliveries"."claimed_at" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_account" ON "deliveries" USING btree ("workspace","account_id","claimed_at") WHERE "deliveries"."account_id" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_action" ON "deliveries" USING btree ("workspace","action","at");--> statement-breakpoint
CREATE INDEX "deliveries_person_key" ON "deliveries" USING btree ("person_key","claimed_at") WHERE "deliveries"."person_key" is not null;--> statement-breakpoint
CREATE INDEX "event_names_customer" ON "event_names" USING btree ("customer_id") WHERE "event_names"."customer_id" is not null;--> statement-breakpoint
CREATE INDEX "events_echo" ON "events" USING btree (("body" #>> '{context,account,from}')) WHERE "events"."source" = 'account';--> statement-breakpoint
CREATE INDEX "events_origin" ON "events" USING btree ("origin") WHERE "events"."origin" is not null;--> statement-breakpoint
CREATE INDEX "events_order" ON "events" USING btree ("workspace",(left("body" #>> '{properties,order_id}', 200))) WHERE "events"."name" in ('Order Completed', 'Payment Failed');--> statement-breakpoint
CREATE INDEX "events_accepted" ON "events" USING btree ("workspace","accepted_at");--> statement-breakpoint
CREATE INDEX "events_kpi" ON "events" USING btree ("customer_id","name") WHERE "events"."name" in ('Order Completed', 'Order Updated', 'Order Refunded', 'Order Cancelled', 'Delivery Complained', 'Product Reviewed', 'Product Shared', 'Friend Referred', 'Survey Answered');--> statement-breakpoint
CREATE INDEX "fanouts_at" ON "fanouts" USING btree ("at");--> statement-breakpoint
CREATE INDEX "message_ids_accepted" ON "message_ids" USING brin ("accepted_at");--> statement-breakpoint
CREATE INDEX "note_counts_customer" ON "note_counts" USING btree ("customer_id") WHERE "note_counts"."customer_id" is not null;--> statement-breakpoint
CREATE INDEX "outbox_at" ON "outbox" USING btree ("at");--> statement-breakpoint
CREATE INDEX "rejected_workspace" ON "rejected" USING btree ("workspace","at","id");--> statement-breakpoint
CREATE INDEX "rejected_code" ON "rejected" USING btree ("workspace","code","at","id");--> statement-breakpoint
CREATE INDEX "rejected_source" ON "rejected" USING btree ("workspace","source","at","id");--> statement-breakpoint
CREATE INDEX "rejected_code_source" ON "rejected" USING btree ("workspace","code","source","at","id");--> statement-breakpoint
CREATE INDEX "rejected_retryable" ON "rejected" USING btree ("workspace","id") WHERE "rejected"."received" is not null;--> statement-breakpoint
CREATE INDEX "rejected_message" ON "rejected" USING btree ("workspace","message_id");--> statement-breakpoint
CREATE UNIQUE INDEX "rejected_content" ON "rejected" USING btree ("workspace","content");--> statement-breakpoint
CREATE INDEX "rejected_identities" ON "rejected" USING gin ("identities");--> statement-breakpoint
CREATE INDEX "rejected_at" ON "rejected" USING btree ("at");--> statement-breakpoint
CREATE INDEX "erasures_open" ON "erasures" USING btree ("next_at") WHERE "erasures"."done_at" is null;--> statement-breakpoint
CREATE INDEX "merges_winner" ON "merges" USING btree ("winner");--> statement-breakpoint
CREATE UNIQUE INDEX "merges_loser" ON "merges" USING btree ("loser");--> statement-breakpoint
CREATE INDEX "merges_parted" ON "merges" USING btree ("unmerged_from") WHERE "merges"."unmerged_from" is not null;--> statement-breakpoint
CREATE INDEX "merges_unmerged" ON "merges" USING btree ("unmerged_into") WHERE "merges"."unmerged_into" is not null;--> statement-breakpoint
CREATE INDEX "merges_open_workflow" ON "merges" USING btree ("at") WHERE "merges"."workflow_ended_at" is null;--> statement-breakpoint
CREATE INDEX "merges_due_at" ON "merges_due" USING btree ("at");--> statement-breakpoint
CREATE INDEX "shared_devices_at" ON "shared_devices" USING btree ("at");--> statement-breakpoint
CREATE INDEX "inbox_items_customer" ON "inbox_items" USING btree ("customer_id","created_at","delivery_id");--> statement-breakpoint
CREATE INDEX "inbox_items_expired" ON "inbox_items" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "enrollments_customer" ON "enrollments" USING btree ("customer_id","journey","key");--> statement-breakpoint
CREATE INDEX "enrollments_journey" ON "enrollments" USING btree ("workspace","journey","ended_at");--> statement-breakpoint
CREATE INDEX "enrollments_position" ON "enrollments" USING btree ("workspace","journey","step","since","id","state","version","pinned") WHERE "enrollments"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "journeys_wake" ON "journeys" USING btree ("wake_at");--> statement-breakpoint
CREATE INDEX "journeys_bundle" ON "journeys" USING btree ("workspace","bundle_version");--> statement-breakpoint
CREATE INDEX "journeys_stage" ON "journeys" USING btree ("workspace",("state" #>> '{stage,id}'));--> statement-breakpoint
CREATE INDEX "journeys_segments" ON "journeys" USING gin ((jsonb_path_query_array("state", '$.segments.keyvalue() ? (@.value.inside == true).key'))) WHERE jsonb_path_exists("journeys"."state", '$.segments.* ? (@.inside == true)');--> statement-breakpoint
CREATE INDEX "journeys_poison" ON "journeys" USING btree ("workspace") WHERE "journeys"."state" ? 'poison';--> statement-breakpoint
CREATE INDEX "sweeps_workspace" ON "sweeps" USING btree ("workspace","kind","version");--> statement-breakpoint
CREATE INDEX "sweeps_started" ON "sweeps" USING btree ("workspace","started_at","id");--> statement-breakpoint
CREATE INDEX "sweeps_open" ON "sweeps" USING btree ("workspace","started_at","id") WHERE "sweeps"."done_at" is null;--> statement-breakpoint
CREATE INDEX "wakes_pending" ON "wakes" USING btree ("lease_until" NULLS FIRST) WHERE "wakes"."requested_seq" > "wakes"."processed_seq";--> statement-breakpoint
CREATE INDEX "wakes_checks" ON "wakes" USING btree ("lease_until" NULLS FIRST) WHERE "wakes"."checks_requested" > "wakes"."checks_done";--> statement-breakpoint
CREATE UNIQUE INDEX "model_deltas_reward" ON "model_deltas" USING btree ("reward_id");--> statement-breakpoint
CREATE INDEX "model_deltas_workspace" ON "model_deltas" USING btree ("workspace","id");--> statement-breakpoint
CREATE INDEX "rewards_due" ON "rewards" USING btree ("workspace","due_at") WHERE "rewards"."state" = 'open';--> statement-breakpoint
CREATE INDEX "rewards_customer" ON "rewards" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "rewards_decision" ON "rewards" USING btree ("decision_id");--> statement-breakpoint
CREATE INDEX "report_changes_workspace" ON "report_changes" USING btree ("workspace","id");--> statement-breakpoint
CREATE INDEX "report_customers_due" ON "report_customers" USING btree ("workspace","due_day") WHERE "report_customers"."due_day" is not null;--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_login" ON "users" USING btree ("login");--> statement-breakpoint
CREATE UNIQUE INDEX "keys_hash" ON "keys" USING btree ("hash");--> statement-breakpoint
-- These rows are rewritten at every event or decision. With room on their page Postgres need not touch an index.
ALTER TABLE "customers" SET (fillfactor = 70);--> statement-breakpoint
ALTER TABLE "wakes" SET (fillfactor = 70);--> statement-breakpoint
ALTER TABLE "journeys" SET (fillfactor = 70);--> statement-breakpoint
-- The partitions of months are created by db/partitions. Rows that outlive their month:
CREATE TABLE "events_kept" PARTITION OF "events" FOR VALUES FROM (1, MINVALUE) TO (1, MAXVALUE);--> statement-breakpoint
CREATE TABLE "decisions_kept" PARTITION OF "decisions" FOR VALUES FROM (1, MINVALUE) TO (1, MAXVALUE);--> statement-breakpoint
CREATE TABLE "sent_messages_kept" PARTITION OF "sent_messages" FOR VALUES FROM (1, MINVALUE) TO (1, MAXVALUE);--> statement-breakpoint
-- Rows whose month has no partition:
CREATE TABLE "events_default" PARTITION OF "events" DEFAULT;--> statement-breakpoint
CREATE TABLE "decisions_default" PARTITION OF "decisions" DEFAULT;--> statement-breakpoint
CREATE TABLE "sent_messages_default" PARTITION OF "sent_messages" DEFAULT;--> statement-breakpoint
-- Customers to count again for the reports (db/schema/reports.ts), in the transaction that changed them.
CREATE FUNCTION queue_report_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO report_changes (workspace, customer_id)
    SELECT DISTINCT workspace, customer_id FROM changed;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION queue_created_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO report_changes (workspace, customer_id) SELECT workspace, id FROM changed;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION queue_merged_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO report_changes (workspace, customer_id)
    SELECT DISTINCT c.workspace, v.id
    FROM changed c CROSS JOIN LATERAL (VALUES (c.winner), (c.loser), (c.unmerged_from), (c.unmerged_into)) v (id)
    WHERE v.id IS NOT NULL;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER events_reported AFTER INSERT ON events REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_report_changes();--> statement-breakpoint
CREATE TRIGGER decisions_reported AFTER INSERT ON decisions REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_report_changes();--> statement-breakpoint
CREATE TRIGGER enrollments_inserted AFTER INSERT ON enrollments REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_report_changes();--> statement-breakpoint
CREATE TRIGGER enrollments_updated AFTER UPDATE ON enrollments REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_report_changes();--> statement-breakpoint
CREATE TRIGGER deliveries_inserted AFTER INSERT ON deliveries REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_report_changes();--> statement-breakpoint
CREATE TRIGGER deliveries_updated AFTER UPDATE ON deliveries REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_report_changes();--> statement-breakpoint
CREATE TRIGGER agent_tasks_inserted AFTER INSERT ON agent_tasks REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_report_changes();--> statement-breakpoint
CREATE TRIGGER agent_tasks_updated AFTER UPDATE ON agent_tasks REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_report_changes();--> statement-breakpoint
CREATE TRIGGER rewards_inserted AFTER INSERT ON rewards REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_report_changes();--> statement-breakpoint
CREATE TRIGGER rewards_updated AFTER UPDATE ON rewards REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_report_changes();--> statement-breakpoint
CREATE TRIGGER customers_inserted AFTER INSERT ON customers REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_created_customers();--> statement-breakpoint
CREATE TRIGGER merges_inserted AFTER INSERT ON merges REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_merged_customers();--> statement-breakpoint
CREATE TRIGGER merges_updated AFTER UPDATE ON merges REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_merged_customers();
