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
	"bundle_version" integer NOT NULL,
	"state" text NOT NULL,
	"queue" text NOT NULL,
	"level" integer DEFAULT 0 NOT NULL,
	"at" bigint NOT NULL,
	"acknowledge_by" bigint NOT NULL,
	"resolve_by" bigint NOT NULL,
	"assignee" text,
	"outcome" text,
	"definition" jsonb NOT NULL,
	"why" jsonb NOT NULL,
	"case" jsonb,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bundles" (
	"workspace" text NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"files" jsonb NOT NULL,
	"compiled" jsonb NOT NULL,
	"activated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "bundles_workspace_version_pk" PRIMARY KEY("workspace","version")
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
	CONSTRAINT "consents_customer_id_seq_purpose_pk" PRIMARY KEY("customer_id","seq","purpose")
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL,
	"profile" jsonb NOT NULL,
	"email" text,
	"paused" jsonb,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"workspace" text NOT NULL,
	"epoch" integer NOT NULL,
	"ordinal" integer NOT NULL,
	"at" bigint NOT NULL,
	"committed_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"from_seq" bigint NOT NULL,
	"to_seq" bigint NOT NULL,
	"bundle_version" integer NOT NULL,
	"outcome" text NOT NULL,
	"actions" jsonb NOT NULL,
	"candidates" jsonb NOT NULL,
	"changes" jsonb NOT NULL,
	"context" jsonb
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"workspace" text NOT NULL,
	"decision_id" text NOT NULL,
	"enrollment_id" text NOT NULL,
	"action" text NOT NULL,
	"class" text NOT NULL,
	"topic" text,
	"channel" text NOT NULL,
	"key" text,
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
	"provider_id" text,
	"error" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
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
	"reason" text
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
	CONSTRAINT "events_customer_id_seq_pk" PRIMARY KEY("customer_id","seq")
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"workspace" text NOT NULL,
	"key" text NOT NULL,
	"request" text NOT NULL,
	"status" integer,
	"body" jsonb,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "idempotency_workspace_key_pk" PRIMARY KEY("workspace","key")
);
--> statement-breakpoint
CREATE TABLE "identities" (
	"workspace" text NOT NULL,
	"type" text NOT NULL,
	"value" text NOT NULL,
	"customer_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "identities_workspace_type_value_pk" PRIMARY KEY("workspace","type","value")
);
--> statement-breakpoint
CREATE TABLE "journeys" (
	"customer_id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"epoch" integer NOT NULL,
	"ordinal" integer DEFAULT 0 NOT NULL,
	"took_seq" bigint DEFAULT 0 NOT NULL,
	"state" jsonb,
	"state_version" integer DEFAULT 1 NOT NULL,
	"bundle_version" integer DEFAULT 0 NOT NULL,
	"last_now" bigint DEFAULT 0 NOT NULL,
	"wake_at" bigint,
	"last_answer" jsonb,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"kind" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"label" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "message_ids" (
	"workspace" text NOT NULL,
	"message_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"accepted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "message_ids_workspace_message_id_pk" PRIMARY KEY("workspace","message_id")
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
	"body" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "suppressed_addresses" (
	"workspace" text NOT NULL,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "suppressed_addresses_workspace_channel_address_pk" PRIMARY KEY("workspace","channel","address")
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
	CONSTRAINT "tickets_customer_id_id_pk" PRIMARY KEY("customer_id","id")
);
--> statement-breakpoint
CREATE TABLE "wakes" (
	"customer_id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"want_seq" bigint NOT NULL,
	"took_seq" bigint DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" text PRIMARY KEY NOT NULL,
	"config_version" integer DEFAULT 0 NOT NULL,
	"epoch" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "agent_tasks_customer" ON "agent_tasks" USING btree ("customer_id","at");--> statement-breakpoint
CREATE INDEX "agent_tasks_desk" ON "agent_tasks" USING btree ("workspace","queue","state");--> statement-breakpoint
CREATE INDEX "customers_workspace" ON "customers" USING btree ("workspace","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "decisions_customer" ON "decisions" USING btree ("customer_id","epoch","ordinal");--> statement-breakpoint
CREATE INDEX "deliveries_customer" ON "deliveries" USING btree ("customer_id","at");--> statement-breakpoint
CREATE INDEX "deliveries_enrollment" ON "deliveries" USING btree ("enrollment_id");--> statement-breakpoint
CREATE INDEX "deliveries_sending" ON "deliveries" USING btree ("lease_until") WHERE "deliveries"."state" = 'sending';--> statement-breakpoint
CREATE INDEX "enrollments_customer" ON "enrollments" USING btree ("customer_id","journey","key");--> statement-breakpoint
CREATE INDEX "enrollments_journey" ON "enrollments" USING btree ("workspace","journey","ended_at");--> statement-breakpoint
CREATE INDEX "identities_customer" ON "identities" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "journeys_wake" ON "journeys" USING btree ("wake_at");--> statement-breakpoint
CREATE UNIQUE INDEX "keys_hash" ON "keys" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "rejected_workspace" ON "rejected" USING btree ("workspace","at","id");--> statement-breakpoint
CREATE INDEX "rejected_message" ON "rejected" USING btree ("workspace","message_id");--> statement-breakpoint
CREATE INDEX "wakes_pending" ON "wakes" USING btree ("lease_until") WHERE "wakes"."want_seq" > "wakes"."took_seq";