-- These rows are rewritten at every event or decision. With room on their page Postgres can do so without touching an index.
ALTER TABLE "customers" SET (fillfactor = 70);
--> statement-breakpoint
ALTER TABLE "wakes" SET (fillfactor = 70);
--> statement-breakpoint
ALTER TABLE "journeys" SET (fillfactor = 70);
