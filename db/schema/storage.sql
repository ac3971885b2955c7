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
