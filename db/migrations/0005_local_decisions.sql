ALTER TABLE "decisions" ALTER COLUMN "ordinal" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "kind" text DEFAULT 'central' NOT NULL;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "placement" text;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "decisions_local" ON "decisions" USING btree ("committed_at") WHERE "decisions"."kind" = 'local';