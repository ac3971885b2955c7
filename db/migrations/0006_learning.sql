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
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "model_deltas" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "model_deltas_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace" text NOT NULL,
	"reward_id" text NOT NULL,
	"shape" text NOT NULL,
	"delta" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "model_snapshots" (
	"workspace" text NOT NULL,
	"version" integer NOT NULL,
	"shape" text NOT NULL,
	"hash" text NOT NULL,
	"folded_to" bigint NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "model_snapshots_workspace_version_pk" PRIMARY KEY("workspace","version")
);
--> statement-breakpoint
CREATE TABLE "paused_actions" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace" text NOT NULL,
	"action" text NOT NULL,
	"since" bigint NOT NULL,
	"because" jsonb NOT NULL,
	"lifted_at" timestamp with time zone,
	"lifted_by" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
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
	"shape" text NOT NULL,
	"x" jsonb NOT NULL,
	"propensity" double precision NOT NULL,
	"at" bigint NOT NULL,
	"within" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"reward" double precision,
	"closed_at" timestamp with time zone
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
ALTER TABLE "agent_tasks" ADD COLUMN "cost" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "arbitrated" jsonb;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "variant" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "cost" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "coupon_id" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "send_why" text DEFAULT 'now' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "coupons_once" ON "coupons" USING btree ("workspace","action","once");--> statement-breakpoint
CREATE UNIQUE INDEX "coupons_code" ON "coupons" USING btree ("workspace","code");--> statement-breakpoint
CREATE INDEX "coupons_customer" ON "coupons" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "coupons_expiring" ON "coupons" USING btree ("workspace","expires_at") WHERE "coupons"."state" = 'issued';--> statement-breakpoint
CREATE UNIQUE INDEX "model_deltas_reward" ON "model_deltas" USING btree ("reward_id");--> statement-breakpoint
CREATE INDEX "model_deltas_workspace" ON "model_deltas" USING btree ("workspace","id");--> statement-breakpoint
CREATE UNIQUE INDEX "paused_actions_open" ON "paused_actions" USING btree ("workspace","action") WHERE "paused_actions"."lifted_at" is null;--> statement-breakpoint
CREATE INDEX "rewards_due" ON "rewards" USING btree ("workspace","due_at") WHERE "rewards"."state" = 'open';--> statement-breakpoint
CREATE INDEX "rewards_customer" ON "rewards" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "rewards_decision" ON "rewards" USING btree ("decision_id");--> statement-breakpoint
CREATE INDEX "decisions_at" ON "decisions" USING brin ("at") WITH (pages_per_range=16);--> statement-breakpoint
CREATE INDEX "decisions_arbitrated" ON "decisions" USING btree ("workspace","at") WHERE "decisions"."arbitrated" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_action" ON "deliveries" USING btree ("workspace","action","at");--> statement-breakpoint
CREATE INDEX "events_deeds" ON "events" USING btree ("customer_id","name") WHERE "events"."name" in ('Order Completed', 'Order Refunded', 'Order Cancelled', 'Delivery Complained', 'Product Reviewed', 'Product Shared', 'Friend Referred', 'Survey Answered');