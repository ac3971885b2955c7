CREATE TABLE "accounts" (
	"workspace" text NOT NULL,
	"id" text NOT NULL,
	"traits" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "accounts_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "erasures" (
	"customer_id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"clean" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"done_at" timestamp with time zone
);
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
CREATE TABLE "merges" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"winner" text NOT NULL,
	"loser" text NOT NULL,
	"because" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"told_at" timestamp with time zone,
	"unmerged_at" timestamp with time zone,
	"unmerged_from" text,
	"unmerged_into" text
);
--> statement-breakpoint
CREATE TABLE "merges_due" (
	"workspace" text NOT NULL,
	"one" text NOT NULL,
	"other" text NOT NULL,
	"because" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "merges_due_workspace_one_other_pk" PRIMARY KEY("workspace","one","other")
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
CREATE TABLE "shared_subjects" (
	"id" text PRIMARY KEY NOT NULL
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
	"done_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "consents" DROP CONSTRAINT "consents_customer_id_seq_purpose_pk";--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_customer_id_seq_purpose_channel_topic_pk" PRIMARY KEY("customer_id","seq","purpose","channel","topic");--> statement-breakpoint
ALTER TABLE "agent_tasks" ADD COLUMN "subject" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "account_id" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "contact" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "merged_into" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "inherits" jsonb;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "erased_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "purpose" text DEFAULT 'marketing' NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "subject" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "account_id" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "contact" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "claimed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "enrollments" ADD COLUMN "excluded" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "origin" text;--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "origin" text;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "product" text;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "account_id" text;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "contact" text;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "group_id" text;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "arranged_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "erasures_open" ON "erasures" USING btree ("next_at") WHERE "erasures"."done_at" is null;--> statement-breakpoint
CREATE INDEX "fanouts_at" ON "fanouts" USING btree ("at");--> statement-breakpoint
CREATE INDEX "merges_winner" ON "merges" USING btree ("winner");--> statement-breakpoint
CREATE UNIQUE INDEX "merges_loser" ON "merges" USING btree ("loser");--> statement-breakpoint
CREATE INDEX "merges_parted" ON "merges" USING btree ("unmerged_from") WHERE "merges"."unmerged_from" is not null;--> statement-breakpoint
CREATE INDEX "merges_unmerged" ON "merges" USING btree ("unmerged_into") WHERE "merges"."unmerged_into" is not null;--> statement-breakpoint
CREATE INDEX "merges_untold" ON "merges" USING btree ("at") WHERE "merges"."told_at" is null;--> statement-breakpoint
CREATE INDEX "merges_due_at" ON "merges_due" USING btree ("at");--> statement-breakpoint
CREATE INDEX "outbox_at" ON "outbox" USING btree ("at");--> statement-breakpoint
CREATE INDEX "sweeps_workspace" ON "sweeps" USING btree ("workspace","kind","version");--> statement-breakpoint
CREATE INDEX "customers_sweep" ON "customers" USING btree ("workspace","id");--> statement-breakpoint
CREATE INDEX "customers_account" ON "customers" USING btree ("workspace","account_id","id") WHERE "customers"."account_id" is not null;--> statement-breakpoint
CREATE INDEX "customers_contact" ON "customers" USING btree ("contact") WHERE "customers"."contact" is not null;--> statement-breakpoint
CREATE INDEX "customers_merged" ON "customers" USING btree ("merged_into") WHERE "customers"."merged_into" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_claimed" ON "deliveries" USING btree ("workspace","claimed_at") WHERE "deliveries"."claimed_at" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_account" ON "deliveries" USING btree ("workspace","account_id","claimed_at") WHERE "deliveries"."account_id" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_contact" ON "deliveries" USING btree ("contact","claimed_at") WHERE "deliveries"."contact" is not null;--> statement-breakpoint
CREATE INDEX "events_origin" ON "events" USING btree ("origin") WHERE "events"."origin" is not null;--> statement-breakpoint
CREATE INDEX "tickets_account" ON "tickets" USING btree ("workspace","account_id") WHERE "tickets"."account_id" is not null;--> statement-breakpoint
CREATE INDEX "tickets_contact" ON "tickets" USING btree ("contact") WHERE "tickets"."contact" is not null;--> statement-breakpoint
UPDATE "deliveries" SET "subject" = "key" WHERE "state" in ('planned', 'held', 'sending');--> statement-breakpoint
UPDATE "agent_tasks" SET "subject" = "key" WHERE "state" in ('planned', 'open', 'acknowledged');