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
CREATE TABLE "sent_messages_default" PARTITION OF "sent_messages" DEFAULT;
